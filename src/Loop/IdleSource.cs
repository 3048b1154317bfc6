namespace Spindle.Loop;

/// <summary>Called when nothing of a better priority is ready, every turn anew.</summary>
/// <param name="source">The source.</param>
/// <returns>False to end it.</returns>
public delegate bool IdleHandler(IdleSource source);

/// <summary>Work for when there is nothing better to do. It is always ready: a loop with one never sleeps.</summary>
public sealed class IdleSource : Source
{
    private readonly IdleHandler handler;

    internal IdleSource(EventLoop loop, IdleHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        this.handler = handler;
        Flag();
    }

    internal override bool IsAlwaysReady => true;

    internal override bool Dispatch(long turn)
    {
        if (!handler(this))
        {
            Remove();
        }

        return true;
    }

    internal override bool DispatchForChild(long turn) => Dispatch(turn);

    internal override void Detach()
    {
        // It holds nothing.
    }
}
