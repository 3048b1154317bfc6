namespace Spindle.Loop.Oracle.Tests;

internal sealed class FdMember(LoopInterpreter world, string name, int priority, int fd, FdEvents interest)
    : Member(world, name, priority)
{
    private FdEvents interest = interest;

    public static FdEvents EventsOf(string word) =>
        (word.Contains("in", System.StringComparison.Ordinal) ? FdEvents.Readable : FdEvents.None) |
        (word.Contains("out", System.StringComparison.Ordinal) ? FdEvents.Writable : FdEvents.None);

    public static string Text(FdEvents ready) =>
        (ready.HasFlag(FdEvents.Readable) ? " in" : "") + (ready.HasFlag(FdEvents.Writable) ? " out" : "") +
        (ready.HasFlag(FdEvents.Error) ? " err" : "") + (ready.HasFlag(FdEvents.HangUp) ? " hup" : "");

    public override void Act(string verb, string word, Member? other)
    {
        if (verb != "interest")
        {
            base.Act(verb, word, other);
            return;
        }

        interest = EventsOf(word);
        if (Source is FdSource { IsActive: true } source)
        {
            source.Interest = interest;
        }
    }

    protected override Source Attach() => World.Loop.AddFd(fd, interest, Dispatch, Priority, Name);

    private void Dispatch(FdSource source, FdEvents ready)
    {
        if (!Run(World.IsPlain ? "" : Text(ready)))
        {
            source.Remove();
        }
    }
}
