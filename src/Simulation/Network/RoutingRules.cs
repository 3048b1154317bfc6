using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>The rules of one version of IP, by priority; of one priority the earlier first.</summary>
internal sealed class RoutingRules
{
    private const uint LastPriority = 32767;
    private const uint DefaultTable = 253;

    private readonly NetworkStack stack;
    private readonly IpFamily family;
    private readonly List<RoutingRule> rules = [];
    private readonly RoutingRule[] first;
    private bool isAsked;

    public RoutingRules(NetworkStack stack, IpFamily family)
    {
        this.stack = stack;
        this.family = family;
        rules.Add(new RoutingRule(family, 0) { Table = Route.LocalTable, Protocol = Route.KernelProtocol });
        rules.Add(new RoutingRule(family, LastPriority - 1) { Table = Route.MainTable, Protocol = Route.KernelProtocol });
        if (family == IpFamily.V4)
        {
            rules.Add(new RoutingRule(family, LastPriority) { Table = DefaultTable, Protocol = Route.KernelProtocol });
        }

        first = [.. rules];
        isAsked = family == IpFamily.V4;
    }

    public IReadOnlyList<RoutingRule> All => rules;

    /// <summary>Those that routes are found by. IPv6 asks none, and takes its first two to be there, until one was added.</summary>
    public IReadOnlyList<RoutingRule> InForce => isAsked ? rules : first;

    /// <summary>The priority of a rule that says none: before the second.</summary>
    public uint FreePriority => rules.Count > 1 && rules[1].Priority > 0 ? rules[1].Priority - 1 : 0;

    public Answer Add(RoutingRule rule, int flags)
    {
        if ((flags & MessageFlags.Exclusive) != 0 && rules.Exists(other => IsSame(other, rule)))
        {
            return Answer.Fail(Errno.EEXIST);
        }

        int place = rules.FindIndex(other => other.Priority > rule.Priority);
        rules.Insert(place < 0 ? rules.Count : place, rule);
        isAsked = true;
        Split();
        stack.Tell.Rule(rule, MessageType.NewRule);
        return Answer.Done;
    }

    // A wish without source, destination or type of service is met by a rule that has one; and what inverts it is not looked at.
    private static bool IsSame(RoutingRule there, RoutingRule wanted) => wanted == there with
    {
        Source = wanted.Source is null ? null : there.Source,
        Destination = wanted.Destination is null ? null : there.Destination,
        TypeOfService = wanted.TypeOfService == 0 ? (byte)0 : there.TypeOfService,
        IsInverted = wanted.IsInverted,
    };

    public void Remove(RoutingRule rule)
    {
        rules.RemoveAt(rules.FindIndex(other => ReferenceEquals(other, rule)));
        Split();
        stack.Tell.Rule(rule, MessageType.DeleteRule);
    }

    private void Split() => stack.Routes(family == IpFamily.V6 ? Family.V6 : Family.V4).Split();
}
