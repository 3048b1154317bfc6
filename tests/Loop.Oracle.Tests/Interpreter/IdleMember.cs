namespace Spindle.Loop.Oracle.Tests;

internal sealed class IdleMember(LoopInterpreter world, string name, int priority) : Member(world, name, priority)
{
    protected override Source Attach() => World.Loop.AddIdle(_ => Run(), Priority, Name);
}
