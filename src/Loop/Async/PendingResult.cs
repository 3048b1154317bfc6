using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Spindle.Loop.Async;

/// <summary>A <see cref="PendingAwait"/> with a result.</summary>
internal abstract class PendingResult<TResult>(LoopAwaits awaits, bool staysLinked = false)
    : PendingAwait(awaits, staysLinked), IValueTaskSource<TResult>, IValueTaskSource
{
    private TResult? result;

    protected ValueTask<TResult> AsValueTask() => new(this, Version);

    protected ValueTask AsVoidTask() => new((IValueTaskSource)this, Version);

    /// <summary>Settles it.</summary>
    public void Complete(TResult value, bool atOnce)
    {
        result = value;
        Settle(atOnce);
    }

    public TResult GetResult(short token)
    {
        TResult taken = result!;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TResult>() && GetStatus(token) != ValueTaskSourceStatus.Pending)
        {
            result = default;
        }

        Finish(token);
        return taken;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);
}
