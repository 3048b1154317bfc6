using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Checking;

/// <summary>Plays a sequence on the model and on the running kernel, and compares step by step.</summary>
internal static class NetlinkComparison
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(30);
    private static readonly MessageType[] Tables = [MessageType.GetLink, MessageType.GetAddress, MessageType.GetRoute, MessageType.GetRule];

    /// <summary>Plays the steps in the network namespace of the calling thread; null if there is no difference.</summary>
    public static SequenceDifference<NetlinkStep>? Play(Kernel kernel, IReadOnlyList<NetlinkStep> steps)
    {
        using RunningSide running = new(kernel);
        ModelSide model = new();
        for (int index = 0; index < steps.Count; index++)
        {
            NetlinkOutcome said = model.Play(steps[index], 0);
            NetlinkOutcome heard = running.Play(steps[index], said.Notifications.Count);
            if (index == steps.Count - 1 && !running.IsQuiet(Quiet))
            {
                heard = new NetlinkOutcome(heard.Error, heard.Words, [.. heard.Notifications, .. running.Rest()]);
            }

            if (Differs(said, heard, out string first, out string second))
            {
                return new SequenceDifference<NetlinkStep>([.. Take(steps, index + 1)], first, second);
            }
        }

        return CompareTables(model, running, steps);
    }

    private static bool Differs(NetlinkOutcome said, NetlinkOutcome heard, out string first, out string second)
    {
        first = Text(said);
        second = Text(heard);
        if (said.Error != heard.Error)
        {
            return true;
        }

        int count = Math.Max(said.Notifications.Count, heard.Notifications.Count);
        for (int index = 0; index < count; index++)
        {
            string one = index < said.Notifications.Count ? said.Notifications[index] : "nothing";
            string other = index < heard.Notifications.Count ? heard.Notifications[index] : "nothing";
            if (one != other)
            {
                first = $"notification {index + 1}: {one}\n{first}";
                second = $"notification {index + 1}: {other}\n{second}";
                return true;
            }
        }

        return false;
    }

    private static SequenceDifference<NetlinkStep>? CompareTables(ModelSide model, RunningSide running, IReadOnlyList<NetlinkStep> steps)
    {
        foreach (MessageType table in Tables)
        {
            List<string> ours = model.Dump(table);
            List<string> theirs = running.Dump(table);
            List<string> surplus = ours.FindAll(text => !theirs.Contains(text));
            List<string> missing = theirs.FindAll(text => !ours.Contains(text));
            if (surplus.Count > 0 || missing.Count > 0 || ours.Count != theirs.Count)
            {
                return new SequenceDifference<NetlinkStep>(steps, $"{table}, only here: {string.Join("; ", surplus)}", $"{table}, only here: {string.Join("; ", missing)}");
            }
        }

        return null;
    }

    private static IEnumerable<NetlinkStep> Take(IReadOnlyList<NetlinkStep> steps, int count)
    {
        for (int index = 0; index < count; index++)
        {
            yield return steps[index];
        }
    }

    private static string Text(NetlinkOutcome outcome)
    {
        string error = outcome.Error == 0 ? "done" : $"{(Errno)outcome.Error} {outcome.Words}";
        return outcome.Notifications.Count == 0 ? error : $"{error}\n    {string.Join("\n    ", outcome.Notifications)}";
    }
}
