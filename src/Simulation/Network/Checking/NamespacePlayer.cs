using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Threading;
using Spindle.Kernels;
using Spindle.Kernels.Raw;

namespace Spindle.Simulation.Network.Checking;

/// <summary>Plays sequences, several at once, each on a thread of its own in a network namespace of its own.</summary>
internal sealed class NamespacePlayer<TStep>(
    Kernel kernel, Func<Kernel, IReadOnlyList<TStep>, SequenceDifference<TStep>?> play)
{
    /// <summary>Plays all of them at once: for each its difference, null for none.</summary>
    /// <exception cref="NamespaceCheckException">No network namespace is to be had here.</exception>
    public SequenceDifference<TStep>?[] PlayAll(IReadOnlyList<IReadOnlyList<TStep>> sequences)
    {
        SequenceDifference<TStep>?[] found = new SequenceDifference<TStep>?[sequences.Count];
        ExceptionDispatchInfo? failure = null;
        using CountdownEvent rest = new(sequences.Count);
        for (int index = 0; index < sequences.Count; index++)
        {
            int number = index;
            Result started = kernel.StartThread("sequence", () =>
            {
                try
                {
                    found[number] = PlayHere(sequences[number]);
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception); // told on the thread that waits
                }
                finally
                {
                    rest.Signal();
                }
            });
            if (!started.IsOk)
            {
                throw new NamespaceCheckException($"a thread was refused: {started.Error}");
            }
        }

        rest.Wait();
        failure?.Throw();
        return found;
    }

    private SequenceDifference<TStep>? PlayHere(IReadOnlyList<TStep> steps)
    {
        Result left = RawNamespaces.LeaveNetwork();
        return left.IsOk ? play(kernel, steps) : throw new NamespaceCheckException(
            $"a network namespace was refused ({left.Error}): this needs root, or a user namespace (unshare -rn)");
    }
}
