using Spindle.Basics;

namespace Spindle.Loop.Oracle.Tests;

internal sealed class CustomMember : Member
{
    // An instant that no test lives to see.
    private static readonly Instant FarFuture = new(long.MaxValue / 2);

    private readonly ScenarioSource source;

    public CustomMember(LoopInterpreter world, string name, int priority, ScenarioPair? pair, FdEvents interest)
        : base(world, name, priority)
    {
        source = new ScenarioSource(this, world.Loop, priority, name);
        Source = source;
        if (pair is not null)
        {
            source.AddFd(pair.Near, interest);
        }
    }

    public bool PrepareAnswer { get; private set; }

    public bool CheckAnswer { get; private set; }

    public override void Act(string verb, string word, Member? other)
    {
        if (!source.IsActive)
        {
            return;
        }

        switch (verb)
        {
            case "attach" when !source.IsAttached && source.Parent is null:
                source.Attach();
                break;
            case "ready":
                source.ReadyAt = word switch
                {
                    "past" => new Instant(1),
                    "zero" => Instant.Zero,
                    "future" => FarFuture,
                    _ => Instant.Never,
                };
                break;
            case "prepare":
                PrepareAnswer = word == "yes";
                break;
            case "check":
                CheckAnswer = word == "yes";
                break;
            case "child" when other is CustomMember child && MayAdopt(child):
                source.AddChild(child.source);
                break;
            case "orphan" when other is CustomMember child && child.source.Parent == source:
                source.RemoveChild(child.source);
                break;
            case "priority" when source.Parent is not null:
                break;
            default:
                base.Act(verb, word, other);
                break;
        }
    }

    protected override Source Attach() => source;

    private void TraceCall(string what)
    {
        if (World.TracesCalls)
        {
            World.Trace($"{World.Place} {what} {Name}");
        }
    }

    /// <summary>What GLib asks of a child: not attached, no parent; and we of all: no circle.</summary>
    private bool MayAdopt(CustomMember child)
    {
        for (Source? above = source; above is not null; above = above.Parent)
        {
            if (above == child.source)
            {
                return false;
            }
        }

        return child.source is { IsActive: true, IsAttached: false, Parent: null };
    }

    private sealed class ScenarioSource(CustomMember member, EventLoop loop, int priority, string name)
        : CustomSource(loop, priority, name)
    {
        protected override bool Prepare(out System.TimeSpan? timeout)
        {
            timeout = null;
            member.TraceCall("prepare");
            return member.PrepareAnswer;
        }

        protected override bool Check()
        {
            member.TraceCall("check");
            return member.CheckAnswer;
        }

        protected override bool Dispatch() => member.Run();
    }
}
