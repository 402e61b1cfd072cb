"""Sends generated inputs through `throughline stats … --json` and through reference code, and prints
a page of what differs.

    references.py PROGRAM [SCALE]

PROGRAM is the built program; SCALE multiplies the number of inputs. The inputs come from a fixed seed.
"""

import csv
import io
import json
import subprocess
import sys
import warnings

import krippendorff
import numpy as np
import scipy
import scipy.stats as st
import statsmodels
from irrCAC.raw import CAC
from irrCAC.table import CAC as Table
from scipy.optimize import linprog
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.contingency_tables import mcnemar as sm_mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

warnings.simplefilter("ignore")
PROGRAM = sys.argv[1]
SCALE = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
chance = np.random.default_rng(20161116)
rows = []
failures = []


def many(count):
    return max(5, int(count * SCALE))


def ask(arguments, records):
    """The program's answers to a list of records with the same fields."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]))
    writer.writeheader()
    writer.writerows(records)
    run = subprocess.run(
        [PROGRAM, "stats", *arguments, "--json"],
        input=out.getvalue(),
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise SystemExit(f"{arguments}: {run.stderr}")
    return json.loads(run.stdout)


def report(function, reference, differences, meant="", tolerance=1e-6):
    """One line of the page; `differences` are absolute, `None` where both say there is no value."""
    found = [abs(d) for d in differences if d is not None]
    worst = max(found, default=0.0)
    rows.append((function, len(differences), worst, reference, meant))
    if not worst <= tolerance:
        failures.append(f"{function}: {worst}")


def gap(ours, theirs):
    """How far two values lie apart; infinite where only one exists."""
    missing = theirs is None or not np.isfinite(theirs)
    if ours is None and missing:
        return None
    if ours is None or missing:
        return float("inf")
    return ours - theirs


def pair(ours, theirs):
    return max(abs(ours["lower"] - theirs[0]), abs(ours["upper"] - theirs[1]))


# -- one share

def intervals():
    records = []
    for _ in range(many(1500)):
        n = int(chance.integers(1, 400))
        records.append(dict(k=int(chance.integers(0, n + 1)), n=n, population=n + int(chance.integers(0, 2000))))
    answers = ask(["interval"], records)
    wilson, corrected, exact, finite, cases = [], [], [], [], []
    for r, a in zip(records, answers):
        k, n, N = r["k"], r["n"], r["population"]
        wilson.append(pair(a["wilson"], proportion_confint(k, n, method="wilson")))
        exact.append(pair(a["clopper_pearson"], proportion_confint(k, n, method="beta")))
        test = st.binomtest(k, n)
        corrected.append(pair(a["wilson_corrected"], test.proportion_ci(method="wilsoncc")))
        if N > n:
            size = n * (N - 1) / (N - n)
            finite.append(pair(a["list"]["wilson"], proportion_confint(k / n * size, size, method="wilson")))
        found = a["list"]["exact_cases"]
        low, high = found["lower"], found["upper"]
        above = lambda hits: st.hypergeom.sf(k - 1, N, hits, n) > 0.025
        below = lambda hits: st.hypergeom.cdf(k, N, hits, n) > 0.025
        right = above(low) and below(high) and (low == k or not above(low - 1)) \
            and (high == N - n + k or not below(high + 1))
        cases.append(0.0 if right else 1.0)
    report("interval: Wilson", "statsmodels", wilson)
    report("interval: Wilson, continuity corrected", "scipy `wilsoncc`", corrected)
    report("interval: Clopper-Pearson", "statsmodels `beta`", exact)
    report("interval: Wilson, finite list", "statsmodels on n(N−1)/(N−n)", finite)
    report("interval: exact, finite list (cases)", "scipy `hypergeom`: both ends within, the next outside", cases)


# -- designs

def strata():
    records, truth = [], []
    for figure in range(many(750)):
        part = []
        for _ in range(int(chance.integers(1, 9))):
            n = int(chance.integers(2, 60))
            k = int(chance.integers(0, n + 1))
            part.append((n + int(chance.integers(1, 300)), n, k))
            records.append(dict(figure=figure, population=part[-1][0], n=n, k=k))
        truth.append(np.array(part, float))
    value, error, bounds = [], [], []
    for a, part in zip(ask(["estimate"], records), truth):
        N, n, k = part.T
        W, p = N / N.sum(), k / n
        value.append(a["value"] - (W * p).sum())
        error.append(a["standard_error"] - np.sqrt((W**2 * (1 - n / N) * p * (1 - p) / (n - 1)).sum()))
        share, size = a["value"], a["effective_n"]
        bounds.append(pair(a, proportion_confint(share * size, size, method="wilson")))
    report("estimate: stratified share", "numpy, Cochran 1977 ch. 5", value)
    report("estimate: its standard error", "numpy, Cochran 1977 ch. 5", error,
           "the textbook variance; the interval uses a cautious one where all cases of a stratum agree")
    report("estimate: its interval", "statsmodels on the effective size", bounds)


def cases():
    records, groups = [], []
    for figure in range(many(200)):
        part = []
        for stratum in range(int(chance.integers(1, 4))):
            for cluster in range(int(chance.integers(2, 6))):
                for _ in range(int(chance.integers(1, 8))):
                    part.append((int(chance.random() < 0.4), float(chance.uniform(1, 20)), stratum, (stratum, cluster)))
        groups.append(part)
        for value, weight, stratum, cluster in part:
            records.append(dict(figure=figure, value=value, weight=weight, stratum=stratum,
                                cluster="/".join(map(str, cluster)), clusters_listed=10))
    value, error, bounds = [], [], []
    for a, part in zip(ask(["estimate", "--rows", "cases"], records), groups):
        y, w = np.array([x[0] for x in part], float), np.array([x[1] for x in part])
        p = (w * y).sum() / w.sum()
        z, v = w * (y - p) / w.sum(), 0.0
        strata = {x[2] for x in part}
        clusters = {x[3] for x in part}
        for stratum in strata:
            own = [c for c in clusters if c[0] == stratum]
            sums = np.array([sum(z[i] for i, x in enumerate(part) if x[3] == c) for c in own])
            m = len(own)
            v += (1 - m / 10) * m / (m - 1) * ((sums - sums.mean()) ** 2).sum()
        value.append(a["value"] - p)
        error.append(a["standard_error"] - np.sqrt(v))
        if 0 < p < 1 and v > 0:
            df = len(clusters) - len(strata)
            ne = p * (1 - p) / v * (st.t.ppf(0.975, len(part) - 1) / st.t.ppf(0.975, df)) ** 2
            x = p * ne
            lower, upper = st.beta.ppf(0.025, x, ne - x + 1), st.beta.ppf(0.975, x + 1, ne - x)
            bounds.append(pair(a, (lower, upper)))
    report("estimate: weighted, clustered share", "numpy", value)
    report("estimate: its standard error", "numpy, as R `svymean` with fpc", error)
    report("estimate: Korn-Graubard interval", "scipy `beta`, as R `svyciprop(method=\"beta\")`", bounds)


def chances():
    """Two strata drawn apart: unequal chances whose pairs are known."""
    value, error = [], []
    for _ in range(many(40)):
        sizes, drawn = chance.integers(20, 80, 2), chance.integers(3, 12, 2)
        home = np.repeat([0, 1], drawn)
        y = (chance.random(len(home)) < 0.5).astype(float)
        if y.min() == y.max():
            y[0] = 1 - y[0]
        p = (drawn / sizes)[home]
        joint = np.outer(p, p)
        for h in (0, 1):
            same = np.ix_(home == h, home == h)
            joint[same] = drawn[h] * (drawn[h] - 1) / (sizes[h] * (sizes[h] - 1))
        np.fill_diagonal(joint, p)
        records = [dict(value=int(v), probability=float(q), **{f"joint_{j + 1}": float(x) for j, x in enumerate(row)})
                   for v, q, row in zip(y, p, joint)]
        a = ask(["estimate", "--rows", "chances"], records)[0]
        size = (1 / p).sum()
        share = (y / p).sum() / size
        e = (y - share) / p
        v = -0.5 * sum((joint[i, j] - p[i] * p[j]) / joint[i, j] * (e[i] - e[j]) ** 2
                       for i in range(len(p)) for j in range(len(p)) if i != j)
        value.append(a["value"] - share)
        error.append(a["standard_error"] - np.sqrt(v) / size)
    report("estimate: share from unequal chances (Hájek)", "numpy", value)
    report("estimate: its standard error", "numpy, Sen-Yates-Grundy", error)


R = """
suppressMessages(library(survey))
d <- read.csv(file("stdin"))
for (f in unique(d$figure)) {
  x <- d[d$figure == f, ]
  x$case <- seq_len(nrow(x))
  s <- svydesign(ids = ~%s, strata = ~stratum, weights = ~weight, fpc = ~%s, data = x, nest = FALSE)
  t <- svychisq(~group + answer, s, statistic = "F")
  p <- svyciprop(~I(answer == 1), s, method = "beta")
  m <- svymean(~I(as.numeric(answer == 1)), s)
  cat(sprintf("%%.12g,%%.12g,%%.12g,%%.12g,%%.12g,%%.12g\\n", t$statistic, t$p.value, coef(p), attr(p, "ci")[1], attr(p, "ci")[2], SE(m)))
}
"""


def in_r(script, text=""):
    """What a script in R prints."""
    run = subprocess.run(["Rscript", "-e", script], input=text, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"R: {run.stderr}")
    return run.stdout


def survey():
    """R's survey: clusters read whole, and cases drawn within clusters."""
    for stages, ids, fpc in [(1, "cluster", "clusters_listed"), (2, "cluster + case", "clusters_listed + cases_listed")]:
        records = surveyed(many(75), stages)
        out = io.StringIO()
        writer = csv.DictWriter(out, list(records[0]))
        writer.writeheader()
        writer.writerows(records)
        theirs = [[float(x) for x in line.split(",")] for line in in_r(R % (ids, fpc), out.getvalue()).split()]
        tests = ask(["compare", "--rows", "cases"], records)
        plain = [{k: v for k, v in r.items() if k not in ("group", "answer")} | dict(value=r["answer"]) for r in records]
        shares = ask(["estimate", "--rows", "cases"], plain)
        assert len(theirs) == len(tests) == len(shares)
        drawn = "clusters drawn" if stages == 1 else "clusters and cases drawn"
        report(f"compare: Rao-Scott F, {drawn}", "R `svychisq(statistic=\"F\")`", [a["f"] - r[0] for a, r in zip(tests, theirs)])
        report("compare: its p", "R `svychisq(statistic=\"F\")`", [a["p"] - r[1] for a, r in zip(tests, theirs)])
        report(f"estimate: weighted share, {drawn}", "R `svyciprop`", [a["value"] - r[2] for a, r in zip(shares, theirs)])
        report("estimate: its interval", "R `svyciprop(method=\"beta\")`", [pair(a, r[3:5]) for a, r in zip(shares, theirs)])
        report("estimate: its standard error", "R `svymean`", [a["standard_error"] - r[5] for a, r in zip(shares, theirs)],
               "" if stages == 1 else "where all clusters of a stratum are drawn, degrees of freedom are those of its clusters as strata; none is here")


def surveyed(figures, stages):
    """Clusters of two rounds; of two stages, with the number of cases that each cluster has in the list."""
    records = []
    for figure in range(figures):
        for group in ("earlier", "later"):
            share = chance.uniform(0.2, 0.8)
            for cluster in range(int(chance.integers(5, 12))):
                tilt = chance.uniform(-0.15, 0.15)
                read = int(chance.integers(2, 9))
                listed = {"cases_listed": read + int(chance.integers(0, 20))} if stages == 2 else {}
                for _ in range(read):
                    records.append(dict(figure=figure, group=group, answer=int(chance.random() < share + tilt),
                                        weight=float(chance.uniform(1, 9)), stratum=group,
                                        cluster=f"{group} {cluster}", clusters_listed=40) | listed)
    return records


def screened():
    records, groups = [], []
    for figure in range(many(100)):
        size = int(chance.integers(40, 200))
        screening = (chance.random(size) < 0.4).astype(float)
        truth = np.where(chance.random(size) < 0.15, 1 - screening, screening)
        audited = np.zeros(size, bool)
        audited[chance.choice(size, int(size * 0.4), replace=False)] = True
        groups.append((screening, truth, audited))
        for s, t, a in zip(screening, truth, audited):
            records.append(dict(figure=figure, screening=int(s), audit=int(t) if a else ""))
    value, error = [], []
    for a, (s, t, m) in zip(ask(["estimate", "--rows", "screened"], records), groups):
        d = (t - s)[m]
        N, n = len(s), m.sum()
        value.append(a["value"] - np.clip(s.mean() + d.mean(), 0, 1))
        error.append(a["standard_error"] - np.sqrt((1 - n / N) * d.var(ddof=1) / n))
    report("estimate: two-phase difference estimator", "numpy, Särndal et al. 1992 ch. 6", value)
    report("estimate: its standard error", "numpy, Särndal et al. 1992 ch. 6", error)


def waits():
    records, groups = [], []
    for figure in range(many(250)):
        waits = np.round(chance.lognormal(3, 1, int(chance.integers(6, 200))), 1)
        groups.append(waits)
        records += [dict(figure=figure, value=float(w)) for w in waits]
    value, bounds = [], []
    for a, w in zip(ask(["estimate", "--rows", "waits", "--unit", "hours"], records), groups):
        value.append(a["value"] - np.percentile(w, 50, method="averaged_inverted_cdf"))
        n, w = len(w), np.sort(w)
        below = st.binom.cdf(np.arange(n), n, 0.5)
        lower, upper = np.flatnonzero(below <= 0.025)[-1] + 1, np.flatnonzero(below >= 0.975)[0] + 1
        bounds.append(pair(a, (w[lower - 1], w[upper - 1])))
    report("estimate: median wait", "numpy `averaged_inverted_cdf`", value,
           "R's type 2, the mean of two neighbours where the distribution is flat")
    report("estimate: its order-statistics interval", "scipy `binom`", bounds)


# -- two rounds

def rounds():
    records = []
    for _ in range(many(1250)):
        n, m = (int(x) for x in chance.integers(2, 250, 2))
        records.append(dict(earlier_k=int(chance.integers(0, n + 1)), earlier_n=n,
                            later_k=int(chance.integers(0, m + 1)), later_n=m))
    for number, record in enumerate(records):
        record["figure"] = number
    newcombe, fisher, z = [], [], []
    for r, a in zip(records, ask(["compare"], records)):
        k, n, j, m = r["earlier_k"], r["earlier_n"], r["later_k"], r["later_n"]
        newcombe.append(pair(a, confint_proportions_2indep(j, m, k, n, method="newcomb")))
        fisher.append(a["fisher_p"] - st.fisher_exact([[k, n - k], [j, m - j]])[1])
        z.append(gap(a["z"], proportions_ztest([j, k], [m, n])[0] if 0 < k + j < n + m else None))
    report("compare: Newcombe's interval", "statsmodels `newcomb`", newcombe)
    report("compare: Fisher's exact test", "scipy `fisher_exact`", fisher,
           "two-sided: all tables no likelier than the one seen")
    report("compare: pooled z", "statsmodels", z, "absent where statsmodels gives NaN (all cases agree)")


def tables():
    records, groups = [], []
    for figure in range(many(250)):
        part = []
        for stratum in range(int(chance.integers(2, 7))):
            n, m = (int(x) for x in chance.integers(8, 60, 2))
            k, j = int(chance.integers(1, n)), int(chance.integers(1, m))
            part.append([[j, m - j], [k, n - k]])
            records.append(dict(figure=figure, stratum=stratum, earlier_k=k, earlier_n=n, later_k=j, later_n=m))
        groups.append(StratifiedTable([np.array(t, float) for t in part]))
    odds, bounds, plain, corrected, day, tarone = [], [], [], [], [], []
    for a, t in zip(ask(["compare", "--rows", "strata"], records), groups):
        odds.append(np.log(a["common"]["ratio"]) - t.logodds_pooled)
        low, high = t.logodds_pooled_confint()
        bounds.append(max(abs(np.log(a["common"]["lower"]) - low), abs(np.log(a["common"]["upper"]) - high)))
        plain.append(a["test"]["p"] - t.test_null_odds().pvalue)
        corrected.append(a["test_corrected"]["p"] - t.test_null_odds(correction=True).pvalue
                         if a["test"]["statistic"] > 0.2 else None)
        day.append(a["homogeneity"]["p"] - t.test_equal_odds().pvalue)
        tarone.append(a["homogeneity_tarone"]["p"] - t.test_equal_odds(adjust=True).pvalue)
    report("compare: Mantel-Haenszel log odds ratio", "statsmodels `StratifiedTable`", odds)
    report("compare: its interval (log)", "statsmodels, Robins-Breslow-Greenland", bounds)
    report("compare: Cochran-Mantel-Haenszel p", "statsmodels", plain)
    report("compare: the same, corrected", "statsmodels", corrected,
           "where the difference is below the correction of 0.5 we do not correct, as R; statsmodels does, so such inputs are left out", 2.0)
    report("compare: Breslow-Day p", "statsmodels", day)
    report("compare: Breslow-Day-Tarone p", "statsmodels `adjust=True`", tarone)


def paired():
    records = []
    for figure in range(many(750)):
        a, b = (int(x) for x in chance.integers(0, 60, 2))
        records.append(dict(figure=figure, only_first=a, only_second=b))
    exact, plain, corrected = [], [], []
    for r, a in zip(records, ask(["compare", "--rows", "paired"], records)):
        table = [[10, r["only_first"]], [r["only_second"], 10]]
        exact.append(a["exact_p"] - min(1.0, sm_mcnemar(table, exact=True).pvalue))
        if r["only_first"] + r["only_second"]:
            plain.append(a["test"]["statistic"] - sm_mcnemar(table, exact=False, correction=False).statistic)
            if r["only_first"] != r["only_second"]:
                corrected.append(a["test_corrected"]["statistic"] - sm_mcnemar(table, exact=False).statistic)
    report("compare: McNemar, exact", "statsmodels", exact)
    report("compare: McNemar, chi-squared", "statsmodels", plain)
    report("compare: McNemar, corrected", "statsmodels", corrected,
           "a difference of 0 stays 0; statsmodels corrects it to 1, so such inputs are left out")


def grades():
    records, groups = [], []
    for figure in range(many(400)):
        q = int(chance.integers(2, 6))
        first, second = chance.multinomial(int(chance.integers(5, 90)), chance.dirichlet(np.ones(q))), \
            chance.multinomial(int(chance.integers(5, 90)), chance.dirichlet(np.ones(q)))
        groups.append((np.repeat(np.arange(q), first), np.repeat(np.arange(q), second)))
        records += [dict(figure=figure, grade=g, earlier=int(first[g]), later=int(second[g])) for g in range(q)]
    share, p, munzel = [], [], []
    for a, (x, y) in zip(ask(["compare", "--rows", "grades"], records), groups):
        u = st.mannwhitneyu(y, x, use_continuity=False, method="asymptotic")
        share.append(a["superiority"] - u.statistic / (len(x) * len(y)))
        if a["z_p"] is not None:
            p.append(a["z_p"] - u.pvalue)
        if a["brunner_munzel"] is not None:
            munzel.append(a["brunner_munzel"]["p"] - st.brunnermunzel(x, y, distribution="t").pvalue)
    report("compare: chance of a higher grade", "scipy `mannwhitneyu`", share)
    report("compare: Mann-Whitney p", "scipy, with ties, uncorrected", p)
    report("compare: Brunner-Munzel p", "scipy `brunnermunzel`, t", munzel)


# -- readers

def agreement():
    import pandas

    names = ["identity", "linear", "quadratic", "ordinal"]
    metrics = ["nominal", "ordinal", "interval", "ratio"]
    pools = {key: [] for key in ["gwet", "gwet se", "fleiss", "fleiss se", "bp", "bp se", "conger", "conger se",
                                 "conger gaps", *metrics]}
    for weights, metric in zip(names, metrics):
        records, groups = [], []
        for figure in range(many(45)):
            q, readers, cases = 4, int(chance.integers(2, 5)), int(chance.integers(8, 40))
            gaps = figure % 2 == 1
            truth = chance.integers(0, q, cases)
            table = np.where(chance.random((cases, readers)) < 0.7, truth[:, None], chance.integers(0, q, (cases, readers))).astype(float)
            table[:q, :] = np.arange(q)[:, None]
            if gaps:
                table[chance.random(table.shape) < 0.15] = np.nan
                table[:q, :] = np.arange(q)[:, None]
            groups.append((table[~np.isnan(table).all(1)], gaps))
            for case, row in enumerate(table):
                for reader, grade in enumerate(row):
                    if not np.isnan(grade):
                        records.append(dict(figure=figure, case=case, reader=reader, grade=int(grade)))
        arguments = ["agree", "--grades", "0,1,2,3", "--weights", weights, "--distance", metric]
        for a, (table, gaps) in zip(ask(arguments, records), groups):
            frame = pandas.DataFrame(table)
            cac = CAC(frame, weights=weights, categories=[0.0, 1.0, 2.0, 3.0], digits=12)
            for ours, theirs in [("gwet", "gwet"), ("fleiss", "fleiss"), ("brennan_prediger", "bp")]:
                found = getattr(cac, theirs)()["est"]
                pools[theirs].append(a[ours]["value"] - found["coefficient_value"])
                pools[f"{theirs} se"].append(a[ours]["standard_error"] - found["se"])
            found = cac.conger()["est"]
            key = "conger gaps" if gaps else "conger"
            pools[key].append(a["conger"]["value"] - found["coefficient_value"])
            if not gaps:
                pools["conger se"].append(a["conger"]["standard_error"] - found["se"])
            alpha = krippendorff.alpha(table.T + 1, value_domain=[1, 2, 3, 4], level_of_measurement=metric)
            pools[metric].append(a["krippendorff"]["value"] - alpha)
    raw = "irrCAC (Python), raw readings with and without gaps"
    report("agree: Gwet AC1, AC2", raw, pools["gwet"], "weights identity, linear, quadratic, ordinal in turn")
    report("agree: its standard error", raw, pools["gwet se"])
    report("agree: Fleiss", raw, pools["fleiss"])
    report("agree: its standard error", raw, pools["fleiss se"])
    report("agree: Brennan-Prediger", raw, pools["bp"])
    report("agree: its standard error", raw, pools["bp se"])
    report("agree: Conger, no gaps", "irrCAC (Python)", pools["conger"])
    report("agree: its standard error", "irrCAC (Python)", pools["conger se"])
    report("agree: Conger, gaps", "irrCAC (Python)", pools["conger gaps"],
           "the packages' published values (.76282 in R, .76207 in Python) differ because their data do, not by definition")
    for metric in metrics:
        report(f"agree: Krippendorff, {metric}", "krippendorff", pools[metric],
               "Krippendorff's distance, not irrCAC's ordinal weights" if metric == "ordinal" else "")


def kappa():
    records, groups = [], []
    for figure in range(many(200)):
        table = chance.integers(0, 30, (4, 4))
        table += np.eye(4, dtype=int) * 5
        groups.append(table)
        for i in range(4):
            for j in range(4):
                records.append(dict(figure=figure, first=i, second=j, count=int(table[i, j])))
    for weights, option in [("identity", None), ("linear", "linear"), ("quadratic", "quadratic")]:
        value, error = [], []
        arguments = ["agree", "--rows", "table", "--grades", "0,1,2,3", "--weights", weights]
        for a, table in zip(ask(arguments, records), groups):
            found = cohens_kappa(table, wt=option)
            value.append(a["conger"]["value"] - found.kappa)
            error.append(a["conger"]["standard_error"] - found.std_kappa)
        report(f"agree: Cohen's kappa, {weights}", "statsmodels `cohens_kappa`", value)
        report("agree: its standard error", "statsmodels (Fleiss, Cohen & Everitt 1969)", error)


# -- plans, goals, families

def plans():
    z, records = st.norm.ppf(0.975), []
    for _ in range(many(400)):
        records.append(dict(share=float(chance.uniform(0.02, 0.98)), margin=float(chance.uniform(0.01, 0.2)),
                            population=int(chance.integers(10, 50000))))
    worst = []
    for r, a in zip(records, ask(["plan"], records)):
        n0 = z * z * r["share"] * (1 - r["share"]) / r["margin"] ** 2
        worst.append(max(abs(a["endless"] - n0) / n0, abs(a["n"] - max(1, np.ceil(n0 / (1 + (n0 - 1) / r["population"]))))))
    report("plan: sample size", "numpy, Cochran 1977 (relative)", worst)
    records = [{"from": float(p), "to": float(p + d)} for p, d in
               zip(chance.uniform(0.05, 0.6, many(400)), chance.uniform(0.02, 0.35, many(400)))]
    worst = []
    for r, a in zip(records, ask(["plan", "--rows", "change"], records)):
        p, q = r["from"], r["to"]
        m, d = (p + q) / 2, abs(p - q)
        n = (z * np.sqrt(2 * m * (1 - m)) + st.norm.ppf(0.8) * np.sqrt(p * (1 - p) + q * (1 - q))) ** 2 / d**2
        c = n / 4 * (1 + np.sqrt(1 + 4 / (n * d))) ** 2
        worst.append(max(abs(a["plain"] / n - 1), abs(a["corrected"] / c - 1)))
    report("plan: cases in each of two rounds", "numpy and scipy, Fleiss et al. 2003 (relative)", worst)
    records = []
    for _ in range(many(400)):
        N = int(chance.integers(20, 3000))
        records.append(dict(defects=int(chance.integers(1, max(2, N // 10))), population=N, n=int(chance.integers(1, N))))
    worst = []
    for r, a in zip(records, ask(["plan", "--rows", "discovery"], records)):
        met = 1 - st.hypergeom.pmf(0, r["population"], r["defects"], np.arange(1, r["population"] + 1))
        worst.append(max(abs(a["n"] - (np.argmax(met >= 0.95 - 1e-12) + 1)), abs(a["chance_of_n"] - met[r["n"] - 1])))
    report("plan: discovery sampling", "scipy `hypergeom`", worst)


def goals():
    records = []
    for figure in range(many(400)):
        n = int(chance.integers(10, 200))
        records.append(dict(figure=figure, baseline_k=int(chance.integers(1, n)), baseline_n=n, later_n=n + int(chance.integers(0, 50))))
    worst = []
    for r, a in zip(records, ask(["goal"], records)):
        p = r["baseline_k"] / r["baseline_n"]
        goal = min(1, p + 1.28 * np.sqrt(p * (1 - p) / r["baseline_n"]))
        worst.append(max(abs(a["goal"] - goal), abs(a["false_success"] - st.binom.sf(a["needed"] - 1, r["later_n"], p))))
    report("goal: goal and chance of a false success", "numpy, scipy `binom`", worst)


def families():
    records, groups = [], []
    for figure in range(many(400)):
        p = np.round(chance.random(int(chance.integers(1, 20))) ** 3, 6)
        groups.append(p)
        records += [dict(figure=figure, p=float(x)) for x in p]
    methods = dict(bonferroni="bonferroni", holm="holm", benjamini_hochberg="fdr_bh", benjamini_yekutieli="fdr_by")
    worst = {ours: [] for ours in methods}
    for a, p in zip(ask(["adjust"], records), groups):
        for ours, theirs in methods.items():
            found = multipletests(p, method=theirs)[1]
            worst[ours].append(max(abs(t[ours] - x) for t, x in zip(a["tests"], found)))
    for ours, theirs in methods.items():
        report(f"adjust: {ours}", f"statsmodels `{theirs}`", worst[ours])


# -- many forces, many rounds, tables

def funnels():
    records, groups = [], []
    for figure in range(many(150)):
        n = chance.integers(15, 300, int(chance.integers(5, 44)))
        k = chance.binomial(n, chance.uniform(0.2, 0.8))
        groups.append((k, n))
        records += [dict(figure=figure, force=i, k=int(a), n=int(b)) for i, (a, b) in enumerate(zip(k, n))]
    tails, dispersion = [], []
    for a, (k, n) in zip(ask(["funnel"], records), groups):
        target = k.sum() / n.sum()
        above, below = st.binom.sf(k - 1, n, target), st.binom.cdf(k, n, target)
        tails.append(max(max(abs(f["at_least"] - x), abs(f["at_most"] - y))
                         for f, x, y in zip(a["forces"], above, below)))
        dispersion.append(a["dispersion"] - ((k / n - target) ** 2 * n / (target * (1 - target))).mean())
    report("funnel: exact tail probabilities", "scipy `binom`", tails)
    report("funnel: dispersion", "numpy, Spiegelhalter 2005", dispersion)


def charts():
    records, groups = [], []
    for figure in range(many(100)):
        rounds = int(chance.integers(10, 41))
        n = chance.integers(40, 200, rounds)
        k = chance.binomial(n, chance.uniform(0.2, 0.8))
        groups.append((k, n))
        for i, (a, b) in enumerate(zip(k, n)):
            records.append({"figure": figure, "round": i, "from": f"{2000 + i}-01-01", "to": f"{2000 + i}-12-31",
                            "k": int(a), "n": int(b)})
    sigma, limits, runs = [], [], []
    for a, (k, n) in zip(ask(["chart"], records), groups):
        centre = k.sum() / n.sum()
        error = np.sqrt(centre * (1 - centre) / n)
        s = np.abs(np.diff((k / n - centre) / error)).mean() / 1.128
        sigma.append(a["sigma_z"] - s)
        limits.append(max(pair(r["limits"], (max(0, centre - 3 * s * e), min(1, centre + 3 * s * e)))
                          for r, e in zip(a["rounds"], error)))
        run = a["run_chart"]
        useful = run["useful"]
        runs.append(max(abs(run["crossings_min"] - st.binom.ppf(0.05, useful - 1, 0.5)),
                        abs(run["longest_run_max"] - (round(np.log2(useful)) + 3))))
    report("chart: Laney's factor", "numpy", sigma)
    report("chart: limits", "numpy", limits)
    report("chart: limits of runs", "scipy `binom`, Anhøj & Olesen 2014", runs)


def tables_hidden():
    records, groups = [], []
    for figure in range(many(40)):
        height, width = (int(x) for x in chance.integers(2, 6, 2))
        table = chance.negative_binomial(1, 0.08, (height, width))
        groups.append(table)
        records += [dict(figure=figure, row=f"r{i}", column=f"c{j}", count=int(table[i, j]))
                    for i in range(height) for j in range(width)]
    for choice in ["least", "greedy"]:
        worst, width = [], []
        for a, table in zip(ask(["suppress", "--threshold", "5", "--choose", choice], records), groups):
            full = np.block([[table, table.sum(1, keepdims=True)], [table.sum(0, keepdims=True), table.sum()]])
            height, wide = full.shape
            names_r = [f"r{i}" for i in range(height - 1)] + ["total"]
            names_c = [f"c{j}" for j in range(wide - 1)] + ["total"]
            equations = []
            for i in range(height):
                line = np.zeros(full.shape)
                line[i, :-1], line[i, -1] = 1, -1
                equations.append(line.ravel())
            for j in range(wide):
                line = np.zeros(full.shape)
                line[:-1, j], line[-1, j] = 1, -1
                equations.append(line.ravel())
            hidden = {(names_r.index(c["row"]), names_c.index(c["column"])): c for c in a["keep_secret"]["reach"]}
            bounds = [(0, None) if (i, j) in hidden else (full[i, j], full[i, j])
                      for i in range(height) for j in range(wide)]
            for (i, j), cell in hidden.items():
                goal = np.zeros(full.size)
                goal[i * wide + j] = 1
                low = linprog(goal, A_eq=equations, b_eq=np.zeros(len(equations)), bounds=bounds)
                high = linprog(-goal, A_eq=equations, b_eq=np.zeros(len(equations)), bounds=bounds)
                upper = -high.fun if high.status == 0 else float("inf")
                worst.append(max(abs(cell["lower"] - low.fun),
                                 0 if cell["upper"] is None and not np.isfinite(upper) else
                                 abs((cell["upper"] if cell["upper"] is not None else float("inf")) - upper)))
                if cell["why"] == "primary":
                    width.append(0 if upper - low.fun >= 5 - 1e-6 else 5 - (upper - low.fun))
        report(f"suppress ({choice}): what an attacker can reach", "scipy `linprog` (HiGHS)", worst)
        report(f"suppress ({choice}): protection short of 5", "scipy `linprog` (HiGHS)", width,
               "every hidden small count keeps a range of at least the threshold")


# -- values of the literature

literature = []


def known(what, ours, expected, digits):
    """A published value, to its printed digits, or to 1e-6 where it was printed by reference code."""
    right = abs(ours - expected) <= max(0.5001 * 10.0**-digits, 1e-6 if digits == 6 else 0)
    literature.append((what, expected, ours, right))
    if not right:
        failures.append(f"{what}: {ours} is not {expected}")


def published():
    table = [(81, 263, .2553, .3662, .2535, .3682, .2527, .3676), (15, 148, .0624, .1605, .0598, .1644, .0578, .1617),
             (0, 20, 0, .1611, 0, .2005, 0, .1684), (1, 29, .0061, .1718, .0018, .1963, .0009, .1776)]
    for r, a in zip(table, ask(["interval"], [dict(k=r[0], n=r[1]) for r in table])):
        for name, at in [("wilson", 2), ("wilson_corrected", 4), ("clopper_pearson", 6)]:
            for side, value in [("lower", r[at]), ("upper", r[at + 1])]:
                known(f"{name} {r[0]}/{r[1]}, {side} (Newcombe 1998a)", a[name][side], value, 4)
    table = [(0, 20, 100, 0, 15), (2, 20, 100, 2, 29), (5, 50, 500, 18, 106), (60, 65, 300, 252, 291),
             (96, 374, 1200, 265, 355), (3, 10, 10, 3, 3)]
    for r, a in zip(table, ask(["interval"], [dict(k=r[0], n=r[1], population=r[2]) for r in table])):
        for side, value in [("lower", r[3]), ("upper", r[4])]:
            known(f"exact finite {r[0]}/{r[1]} of {r[2]}, {side}", a["list"]["exact_cases"][side], value, 0)
    strata = [dict(population=N, n=n, k=k) for N, n, k in [(500, 50, 40), (300, 30, 15), (200, 20, 5)]]
    a = ask(["estimate"], strata)[0]
    known("stratified share", a["value"], .6, 6)
    known("its standard error", a["standard_error"], .042288, 6)
    table = [(48, 80, 56, 70, .0524, .3339), (3, 10, 9, 10, .1705, .8090), (2, 7, 6, 7, .0582, .8062),
             (0, 29, 5, 56, -.0381, .1926), (0, 20, 0, 10, -.1611, .2775), (0, 20, 10, 10, .6791, 1)]
    names = ["earlier_k", "earlier_n", "later_k", "later_n"]
    records = [dict(zip(names, r), figure=i) for i, r in enumerate(table)]
    for r, a in zip(table, ask(["compare"], records)):
        for side, value in [("lower", r[4]), ("upper", r[5])]:
            known(f"Newcombe {r[2]}/{r[3]} − {r[0]}/{r[1]}, {side} (Newcombe 1998b)", a[side], value, 4)
    a = ask(["compare"], [dict(zip(names, (48, 80, 56, 70)))])[0]
    known("pooled z 56/70, 48/80", a["z"], 2.650172, 6)
    known("Fisher 56/70, 48/80", a["fisher_p"], .012521, 6)
    for cells, p in [((3, 4, 1, 4), .485714), ((6, 8, 1, 5), .102564), ((8, 10, 1, 6), .034965)]:
        known(f"Fisher {cells}", ask(["compare"], [dict(zip(names, cells))])[0]["fisher_p"], p, 6)
    a = ask(["compare", "--rows", "paired"], [dict(only_first=150, only_second=86)])[0]
    known("McNemar (Agresti)", a["test"]["statistic"], 17.3559, 4)
    known("McNemar corrected (Agresti)", a["test_corrected"]["statistic"], 16.8178, 4)
    known("McNemar exact (Agresti)", a["exact_p"] * 1e5, 3.716, 3)
    # Admitted and rejected, men and women, of six departments.
    berkeley = [(512, 313, 89, 19), (353, 207, 17, 8), (120, 205, 202, 391), (138, 279, 131, 244), (53, 138, 94, 299), (22, 351, 24, 317)]
    records = [dict(stratum=i, later_k=a, later_n=a + b, earlier_k=c, earlier_n=c + d) for i, (a, b, c, d) in enumerate(berkeley)]
    a = ask(["compare", "--rows", "strata"], records)[0]
    for what, ours, value, digits in [
            ("OR", a["common"]["ratio"], .9046968, 7), ("lower", a["common"]["lower"], .7719074, 7),
            ("upper", a["common"]["upper"], 1.0603298, 7), ("χ² corrected", a["test_corrected"]["statistic"], 1.42695, 5),
            ("χ²", a["test"]["statistic"], 1.524607, 6), ("Breslow-Day", a["homogeneity"]["statistic"], 18.8255, 4),
            ("Breslow-Day p", a["homogeneity"]["p"], .002071, 6), ("crude OR", a["crude_odds_ratio"], 1.841, 3)]:
        known(f"UC Berkeley, {what}", ours, value, digits)
    known("UC Berkeley, reversal shown", int(a["reversed"]), 1, 0)
    tests = ask(["adjust"], [dict(p=p) for p in (.01, .04, .03, .005)])[0]["tests"]
    for name, values in [("holm", (.03, .06, .06, .02)), ("benjamini_hochberg", (.02, .04, .04, .02)),
                         ("bonferroni", (.04, .16, .12, .02)), ("benjamini_yekutieli", (.041667, .083333, .083333, .041667))]:
        for i, value in enumerate(values):
            known(f"{name} of p value {i + 1}", tests[i][name], value, 6)
    fifteen = (.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1)
    tests = ask(["adjust"], [dict(p=p) for p in fifteen])[0]["tests"]
    for name, count in [("benjamini_hochberg", 4), ("holm", 3), ("bonferroni", 3)]:
        known(f"rejections by {name} (Benjamini & Hochberg 1995)", sum(t[name] <= .05 for t in tests), count, 0)
    for (k, n), (error, goal, needed, false) in {(39, 65): (7.8, 67.8, 45, .080), (52, 65): (6.4, 86.4, 57, .076),
                                                 (30, 40): (8.8, 83.8, 34, .096), (20, 25): (10.2, 90.2, 23, .098),
                                                 (60, 65): (4.2, 96.5, 63, .115), (29, 58): (8.4, 58.4, 34, .119)}.items():
        a = ask(["goal"], [dict(baseline_k=k, baseline_n=n)])[0]
        for what, ours, value, digits in [("error", a["error"] * 100, error, 1), ("goal", a["goal"] * 100, goal, 1),
                                          ("needed", a["needed"], needed, 0), ("false success", a["false_success"], false, 3)]:
            known(f"goal from {k}/{n}, {what}", ours, value, digits)
    for (N, n) in [(500, 218), (1000, 278), (2000, 323), (10000, 370), (100000, 383)]:
        known(f"cases of {N} for 5 points", ask(["plan"], [dict(share=.5, margin=.05, population=N)])[0]["n"], n, 0)
    for p, q, plain, corrected in [(.75, .60, 151.87, 164.93), (.75, .65, 328.47, 348.18), (.60, .70, 355.94, 375.68)]:
        a = ask(["plan", "--rows", "change"], [{"from": p, "to": q}])[0]
        known(f"per round {p} to {q}", a["plain"], plain, 2)
        known(f"per round {p} to {q}, corrected", a["corrected"], corrected, 2)
    for defects, N, n in [(10, 1000, 258), (50, 1000, 57), (5, 500, 225)]:
        known(f"discovery, {defects} of {N}", ask(["plan", "--rows", "discovery"], [dict(defects=defects, population=N)])[0]["n"], n, 0)
    for low, high, passing, alpha, beta in [(.5, .8, 13, .0676, .0835), (.45, .75, 12, .0775, .0871), (.6, .9, 15, .0352, .0696)]:
        rule = ask(["plan", "--rows", "lot"], [dict(n=19, low=low, high=high)])[0]["rules"][0]
        for what, ours, value, digits in [("pass", rule["pass"], passing, 0), ("α", rule["alpha"], alpha, 4), ("β", rule["beta"], beta, 4)]:
            known(f"lot of 19, {low} or {high}, {what}", ours, value, digits)
    published_agreement()


def published_agreement():
    def two(table, *options):
        q = len(table)
        records = [dict(first=i, second=j, count=table[i][j]) for i in range(q) for j in range(q)]
        return ask(["agree", "--rows", "table", "--grades", ",".join(map(str, range(q))), *options], records)[0]

    a = two([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    for name, value, digits in [("conger", .7964094, 7), ("fleiss", .7962397, 7), ("gwet", .8493305, 7), ("percent", .89, 6), ("brennan_prediger", .835, 6)]:
        known(f"irrCAC 3×3, {name}", a[name]["value"], value, digits)
    known("irrCAC 3×3, SE of κ", a["conger"]["standard_error"], .05891072, 8)
    known("irrCAC 3×3, SE of AC1", a["gwet"]["standard_error"], .04321747, 8)
    fun = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
    for weights, kappa_value, error, gwet in [("identity", .129330, .068599, .158191), ("linear", .237381, .078316, .273003), ("quadratic", .332046, .097297, .378020)]:
        a = two(fun, "--weights", weights)
        known(f"vcd SexualFun κ, {weights}", a["conger"]["value"], kappa_value, 6)
        known(f"vcd SexualFun SE, {weights}", a["conger"]["standard_error"], error, 6)
        known(f"vcd SexualFun AC, {weights}", a["gwet"]["value"], gwet, 6)
    known("vcd SexualFun AC2, ordinal", two(fun, "--weights", "ordinal")["gwet"]["value"], .343767, 6)
    for table, agreement_value, kappa_value, gwet in [([[118, 5], [2, 0]], .944, -.0234, .9408), ([[40, 9], [6, 45]], None, .6995, .7007), ([[80, 10], [5, 5]], None, .3182, .8080)]:
        a = two(table)
        known(f"{table} κ", a["conger"]["value"], kappa_value, 4)
        known(f"{table} AC1", a["gwet"]["value"], gwet, 4)
    # Krippendorff's four observers and twelve units.
    star = None
    data = [[1, 2, 3, 3, 2, 1, 4, 1, 2, star, star, star], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, star, 3],
            [star, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, star], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, star]]
    records = [dict(case=unit, reader=reader, grade=grade) for reader, row in enumerate(data) for unit, grade in enumerate(row) if grade]
    for metric, value in [("nominal", .743421), ("ordinal", .815388), ("interval", .849107), ("ratio", .797403)]:
        a = ask(["agree", "--grades", "1,2,3,4,5", "--distance", metric], records)[0]
        known(f"Krippendorff's data, {metric}", a["krippendorff"]["value"], value, 6)
    for name, value in [("gwet", .77544), ("fleiss", .76117), ("brennan_prediger", .77273), ("conger", .76207)]:
        known(f"irrCAC (Python) 4 raters with gaps, {name}", a[name]["value"], value, 5)
    # R's irrCAC has the same matrix, save that its third rater read the twelfth unit and not its second.
    moved = [r | dict(reader=2) if (r["case"], r["reader"]) == (11, 1) else r for r in records]
    a = ask(["agree", "--grades", "1,2,3,4,5"], moved)[0]
    known("irrCAC (R) 4 raters with gaps, conger", a["conger"]["value"], .76282, 5)


def page():
    total = sum(row[1] for row in rows)
    worst = max((row for row in rows if "left out" not in row[4]), key=lambda row: row[2])
    versions = 'suppressMessages(library(survey)); cat(paste0(R.version$major, ".", R.version$minor), "with survey", as.character(packageVersion("survey")))'
    print(f"Against Python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, "
          f"krippendorff and irrCAC, and R {in_r(versions)}. Every input went through `throughline stats … --json` and through the reference; the inputs "
          f"come from a fixed seed. {total:,} comparisons; the worst difference where the same is meant is {worst[2]:.1e} ({worst[0]}).\n")
    print("| function | inputs | worst difference | reference | definition meant where they differ |\n|---|---:|---:|---|---|")
    for function, inputs, difference, reference, meant in rows:
        print(f"| {function} | {inputs:,} | {difference:.1e} | {reference} | {meant} |")
    right = sum(1 for row in literature if row[3])
    print(f"\n{right} of {len(literature)} values from the literature and from reference code are met to their printed digits in the same run.\n")
    print("<details><summary>Each of them</summary>\n\n| value | printed | found |\n|---|---:|---:|")
    for what, expected, ours, right in literature:
        print(f"| {what} | {expected:g} | {ours:.7g}{'' if right else ' **differs**'} |")
    print("\n</details>")


for part in [intervals, strata, cases, chances, survey, screened, waits, rounds, tables, paired, grades, agreement, kappa, plans, goals,
             families, funnels, charts, tables_hidden, published]:
    print(part.__name__, file=sys.stderr, flush=True)
    part()
page()
if failures:
    print("\n".join(failures), file=sys.stderr)
    sys.exit(1)
