using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Spindle.Loop;

/// <summary>An action to be called on the loop: an <see cref="Action"/>, or an <see cref="Action{T}"/> with its state.</summary>
internal struct PostedAction(Delegate call, object? state) : IMailboxItem<PostedAction>
{
    private Delegate? call = call;
    private object? state = state;

    public bool IsThere => Volatile.Read(ref call) is not null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill(in PostedAction item)
    {
        state = item.state;
        Volatile.Write(ref call, item.call);
    }

    public readonly void Invoke()
    {
        // Both are sealed, and nothing else comes here.
        if (call!.GetType() == typeof(Action<object?>))
        {
            Unsafe.As<Action<object?>>(call)(state);
        }
        else
        {
            Unsafe.As<Action>(call)();
        }
    }
}
