namespace Spindle.Loop.Oracle.Tests;

internal sealed class FdMember(LoopInterpreter world, string name, int priority, int fd, FdEvents interest)
    : Member(world, name, priority)
{
    private FdEvents interest = interest;
    private FdTrigger trigger;
    private bool isExclusive;

    public static FdEvents EventsOf(string word) =>
        (word.Contains("in", System.StringComparison.Ordinal) ? FdEvents.Readable : FdEvents.None) |
        (word.Contains("out", System.StringComparison.Ordinal) ? FdEvents.Writable : FdEvents.None);

    public static string Text(FdEvents ready) =>
        (ready.HasFlag(FdEvents.Readable) ? " in" : "") + (ready.HasFlag(FdEvents.Writable) ? " out" : "") +
        (ready.HasFlag(FdEvents.Error) ? " err" : "") + (ready.HasFlag(FdEvents.HangUp) ? " hup" : "");

    public override void Act(string verb, string word, Member? other)
    {
        FdSource? source = Source is FdSource { IsActive: true } active ? active : null;
        switch (verb)
        {
            case "interest":
                interest = EventsOf(word);
                if (source is not null)
                {
                    source.Interest = interest;
                }

                break;
            case "trigger":
                isExclusive = word == "exclusive";
                trigger = word switch { "edge" => FdTrigger.Edge, "oneshot" => FdTrigger.OneShot, _ => FdTrigger.Level };
                break;
            case "rearm":
                source?.Rearm();
                break;
            default:
                base.Act(verb, word, other);
                break;
        }
    }

    protected override Source? Attach()
    {
        try
        {
            return World.Loop.AddFd(fd, interest, Dispatch, Priority, Name, trigger, isExclusive);
        }
        catch (System.ArgumentException)
        {
            World.Trace($"refused {Name}");
            return null;
        }
    }

    private void Dispatch(FdSource source, FdEvents ready)
    {
        if (!Run(World.IsPlain ? "" : Text(ready)))
        {
            source.Remove();
        }
    }
}
