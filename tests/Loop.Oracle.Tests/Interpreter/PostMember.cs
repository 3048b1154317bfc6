using System.Threading;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>What is posted from another thread, each time anew.</summary>
internal sealed class PostMember(LoopInterpreter world, string name) : Member(world, name, Loop.Priority.Default)
{
    public override void Act(string verb, string word, Member? other)
    {
        if (verb != "post")
        {
            return;
        }

        Thread thread = new(() => World.Loop.Post(() => Run()));
        thread.Start();
        thread.Join();
    }

    protected override Source Attach() => throw new System.InvalidOperationException("A post is not attached.");
}
