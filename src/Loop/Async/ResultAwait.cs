using System.Threading.Tasks;

namespace Spindle.Loop.Async;

/// <summary>An awaited result that somebody else brings.</summary>
internal sealed class ResultAwait<TResult>(LoopAwaits awaits) : PendingResult<TResult>(awaits)
{
    public ValueTask<TResult> Wait()
    {
        Begin(default);
        return AsValueTask();
    }

    protected override void LetGo()
    {
        // It holds nothing.
    }
}
