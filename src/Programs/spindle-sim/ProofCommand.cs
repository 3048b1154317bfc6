using System;
using System.Globalization;
using Spindle.Simulation;
using Spindle.Simulation.Checking;

namespace Spindle.Programs;

/// <summary><c>spindle-sim proof</c>: how soon the check finds each mistake that is put into the model.</summary>
internal static class ProofCommand
{
    public static int Run()
    {
        int missed = 0;
        long longest = 0;
        foreach (Mutation mutation in MutationProof.All)
        {
            CheckSummary summary = MutationProof.Find(mutation);
            bool isFound = summary.Found is not null;
            bool isOfMistake = isFound && MutationProof.PlayWithout(mutation, summary.FoundSeed).Found is null;
            missed += isOfMistake ? 0 : 1;
            longest = Math.Max(longest, summary.Sequences);
            string found = isOfMistake ? "found in" : isFound ? "A DIFFERENCE WITHOUT IT in" : "NOT FOUND in";
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{mutation}: {found} {summary.Sequences} sequences ({MutationProof.KindOf(mutation)})"));
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{MutationProof.All.Count - missed} of {MutationProof.All.Count} mistakes found, the last after {longest} sequences"));
        return missed == 0 ? ExitStatus.Done : ExitStatus.Difference;
    }
}
