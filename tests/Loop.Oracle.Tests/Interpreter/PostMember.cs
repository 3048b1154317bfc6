using System.Threading;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>What is posted from another thread, or invoked from the loop's own, each time anew.</summary>
internal sealed class PostMember(LoopInterpreter world, string name) : Member(world, name, Loop.Priority.Default)
{
    public override void Act(string verb, string word, Member? other)
    {
        switch (verb)
        {
            case "post":
                Thread thread = new(() => World.Loop.Post(() => Run()));
                thread.Start();
                thread.Join();
                break;
            case "invoke" when World.MayInvoke():
                World.Loop.Invoke(() => Run());
                World.Invoked();
                break;
        }
    }

    protected override Source Attach() => throw new System.InvalidOperationException("A post is not attached.");
}
