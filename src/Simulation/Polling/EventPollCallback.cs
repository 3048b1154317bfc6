using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Polling;

/// <summary>What a wake of a watched file does: the registration becomes a candidate, and those who wait for its epoll are woken.</summary>
internal sealed class EventPollCallback(EventPollItem item, EventPollCallback? next) : WaitEntry
{
    public EventPollCallback? NextOfItem { get; } = next;

    public override bool Wake(PollMask key)
    {
        EventPoll owner = item.Owner;
        SimulatedMachine machine = owner.Machine;
        bool passes = item.IsDisarmed ? machine.Breaks(Mutation.DisarmedIsQueued) : Passes(key, machine);
        if (!passes)
        {
            return !IsExclusive || machine.Breaks(Mutation.IgnoredWakeIsAbsorbed);
        }

        bool wasQueued = item.IsReadyLinked;
        owner.Queue(item);
        bool isAbsorbed = owner.WakeSleeper(IsExclusive, key, item.Events);
        if (!(wasQueued && machine.Breaks(Mutation.LinkedItemDoesNotWakeOuter)) && !machine.Breaks(Mutation.CallbackDoesNotWakeOuter))
        {
            owner.PollQueue.Wake(machine.Breaks(Mutation.OuterIsWokenWithKeyOfFile) ? key : PollMask.In);
        }

        return !IsExclusive || isAbsorbed;
    }

    // An unknown key passes: the poll function tells later what it was.
    private bool Passes(PollMask key, SimulatedMachine machine)
    {
        if (key == PollMask.None)
        {
            return !machine.Breaks(Mutation.UnknownKeyIsFiltered) || item.Has(PollMask.In);
        }

        return (key & item.Events) != PollMask.None || machine.Breaks(Mutation.KeyIsNotFiltered);
    }
}
