using Spindle.Basics;

namespace Spindle.Loop.Oracle.Tests;

internal sealed class TimerMember(LoopInterpreter world, string name, int priority) : Member(world, name, priority)
{
    private Instant dueAt = Instant.Never;

    public override void Act(string verb, string word, Member? other)
    {
        if (verb != "due")
        {
            base.Act(verb, word, other);
            return;
        }

        dueAt = word == "never" ? Instant.Never : new Instant(LoopInterpreter.Number(word) * 1000L);
        if (Source is TimerSource { IsActive: true } timer)
        {
            timer.ArmAt(dueAt);
        }
    }

    protected override Source Attach()
    {
        TimerSource timer = World.Loop.AddTimer(Dispatch, Priority, Name);
        timer.ArmAt(dueAt);
        return timer;
    }

    private void Dispatch(TimerSource timer, Instant now)
    {
        if (!Run())
        {
            timer.Remove();
        }
    }
}
