"""Callboard's assignment beside scipy's HiGHS on the bids of AAMAS 2021. Started by scripts/assignment and scripts/bench."""

import argparse
import csv
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import time

PER_PROPOSAL, AT_MOST = 4, 6
WEIGHTS = {"yes": 600, "maybe": 360}
UNKNOWN = 300


def read(path):
    """The bids of each pair, and those that are forbidden."""
    bids, conflicts = {}, set()
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pair = (row["Submission"], row["Bidder"])
            if row["Bid"] == "conflict":
                conflicts.add(pair)
            else:
                bids[pair] = row["Bid"]
    pairs = [*bids, *conflicts]
    proposals = sorted({proposal for proposal, _ in pairs})
    reviewers = sorted({reviewer for _, reviewer in pairs})
    return proposals, reviewers, bids, conflicts


def callboard(binary, path, fair):
    """The plan, the seconds it took with reading and writing, and the megabytes."""
    command = [binary, "plan-assignments", "--bids", path, "--per-proposal", str(PER_PROPOSAL), "--at-most", str(AT_MOST)]
    began = time.monotonic()
    with subprocess.Popen(command + ([] if fair else ["--unfair"]), stdout=subprocess.PIPE) as process:
        plan = json.loads(process.stdout.read())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit("callboard plan-assignments failed")
    return plan, time.monotonic() - began, usage.ru_maxrss / 1024


def highs(instance, floor, out):
    """The best total weight of pairs above the floor, by a linear program; in a process of its own, for its memory."""
    import numpy
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix

    proposals, reviewers, bids, conflicts = instance
    began = time.monotonic()
    weights, rows, columns = [], [], []
    for row, proposal in enumerate(proposals):
        for column, reviewer in enumerate(reviewers):
            weight = WEIGHTS.get(bids.get((proposal, reviewer)), UNKNOWN)
            if (proposal, reviewer) not in conflicts and weight >= floor:
                weights.append(weight)
                rows.append(row)
                columns.append(column)
    count = len(weights)
    ones, places = numpy.ones(count), range(count)
    needs = csr_matrix((ones, (rows, places)), shape=(len(proposals), count))
    room = csr_matrix((ones, (columns, places)), shape=(len(reviewers), count))
    solved = linprog(
        -numpy.array(weights),
        A_eq=needs,
        b_eq=numpy.full(len(proposals), PER_PROPOSAL),
        A_ub=room,
        b_ub=numpy.full(len(reviewers), AT_MOST),
        bounds=(0, 1),
        method="highs",
    )
    took = time.monotonic() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out.send((solved.status, round(-solved.fun) if solved.status == 0 else None, took, memory))


def in_own_process(instance, floor):
    receiver, sender = multiprocessing.get_context("fork").Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=highs, args=(instance, floor, sender))
    process.start()
    answer = receiver.recv()
    process.join()
    return answer


def wrong(plan, instance):
    """What the plan breaks, counted from the file alone."""
    proposals, reviewers, bids, conflicts = instance
    pairs = [(pair["proposal"], pair["reviewer"]) for pair in plan["pairs"]]
    got = {proposal: 0 for proposal in proposals}
    load = {reviewer: 0 for reviewer in reviewers}
    for proposal, reviewer in pairs:
        got[proposal] += 1
        load[reviewer] += 1
    total = sum(WEIGHTS.get(bids.get(pair), UNKNOWN) for pair in pairs)
    return {
        "forbidden pairs": sum(pair in conflicts for pair in pairs),
        "pairs that come twice": len(pairs) - len(set(pairs)),
        f"proposals without exactly {PER_PROPOSAL} reviewers": sum(count != PER_PROPOSAL for count in got.values()),
        f"reviewers with more than {AT_MOST} proposals": sum(count > AT_MOST for count in load.values()),
        "total weight that is not the one reported": int(total != plan["report"]["total_weight"]),
    }


def has_scipy():
    try:
        import scipy  # noqa: F401
    except ImportError:
        return False
    return True


def measure(binary, path):
    """What both find for the same instance, and what the plans break."""
    instance = read(path)
    proposals, reviewers, bids, conflicts = instance
    results = {"reviewers": len(reviewers), "proposals": len(proposals), "bids": len(bids) + len(conflicts),
               "conflicts": len(conflicts), "scipy": has_scipy(), "runs": []}
    for fair in (False, True):
        plan, took, memory = callboard(binary, path, fair)
        run = {"fair": fair, "floor": plan["floor"], "proven": plan["proven"], "report": plan["report"], "seconds": took,
               "megabytes": memory, "broken": wrong(plan, instance)}
        if results["scipy"]:
            status, best, highs_took, highs_memory = in_own_process(instance, plan["floor"])
            run["highs"] = {"status": status, "total": best, "seconds": highs_took, "megabytes": highs_memory}
        results["runs"].append(run)
    return results


def is_right(run):
    highs = run.get("highs")
    same = highs is None or (highs["status"] == 0 and highs["total"] == run["report"]["total_weight"])
    return same and run["proven"] and not any(run["broken"].values())


def show(results):
    print(
        f"AAMAS 2021: {results['reviewers']} reviewers, {results['proposals']} papers, {results['bids']} bids, "
        f"{results['conflicts']} of them conflicts; {PER_PROPOSAL} reviews a paper, at most {AT_MOST} a reviewer"
    )
    for run in results["runs"]:
        report, highs = run["report"], run.get("highs")
        print(f"\n{'Fairness first' if run['fair'] else 'The sum alone'}: no pair below {run['floor']}")
        print(f"  callboard  total {report['total_weight']}  {run['seconds']:6.2f} s  {run['megabytes']:6.0f} MB  proven {run['proven']}")
        if highs:
            print(f"  HiGHS      total {highs['total']}  {highs['seconds']:6.2f} s  {highs['megabytes']:6.0f} MB")
        print(f"  filled {report['filled']} of {report['needed']}, mean weight {report['mean_weight']}")
        print(f"  mean of a paper: lowest {report['lowest_mean']}, a tenth at or below {report['tenth_mean']}")
        print(f"  bids: {', '.join(f'{bid} {count}' for bid, count in report['bids'].items())}")
        load, wishes = report["load"], report["wishes"]
        print(
            f"  load: {load['lowest']} to {load['highest']}, median {load['median']}, deviation {load['deviation']}, "
            f"room {load['capacity']}"
        )
        print(f"  wishes honored: lowest {wishes['lowest']}, mean {wishes['mean']} of {wishes['reviewers']} reviewers")
        print(f"  {', '.join(f'{count} {what}' for what, count in run['broken'].items())}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", default="../shared/data", help="the folder with reviews/aamas_2021_bids.csv")
    arguments.add_argument("--binary", default="target/release/callboard")
    arguments.add_argument("--results", help="where the figures go as JSON")
    options = arguments.parse_args()
    results = measure(options.binary, os.path.join(options.data, "reviews", "aamas_2021_bids.csv"))
    show(results)
    if options.results:
        with open(options.results, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
    if not all(is_right(run) for run in results["runs"]):
        sys.exit("This is not right.")
    print("\nThe same optimum, and nothing forbidden." if results["scipy"] else "\nNothing forbidden. Not compared: scipy is not there.")


if __name__ == "__main__":
    main()
