using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;

namespace Spindle.Loop.Async;

/// <summary>The awaited end of a child.</summary>
internal sealed class ChildAwait : PendingResult<ExitStatus>
{
    private readonly ChildSource source;

    public ChildAwait(LoopAwaits awaits, int processId)
        : base(awaits) =>
        source = awaits.Loop.AddChild(processId, (_, status) => Complete(status, atOnce: true), name: "await");

    public ValueTask<ExitStatus> Wait(CancellationToken cancellation)
    {
        Begin(cancellation);
        return AsValueTask();
    }

    protected override void LetGo() => source.Remove();
}
