namespace Spindle.Simulation.Waiting;

/// <summary>Handed to a file's poll function by one who wants to be told of changes: the function names each wait queue
/// that such changes wake.</summary>
internal abstract class WaitRegistrar
{
    public abstract void Register(WaitQueue queue);
}
