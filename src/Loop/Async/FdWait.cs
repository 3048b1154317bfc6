using System.Threading;
using System.Threading.Tasks;

namespace Spindle.Loop.Async;

/// <summary>One awaited readiness of a descriptor that nobody watches otherwise.</summary>
internal sealed class FdWait : PendingResult<FdEvents>
{
    private readonly FdSource source;

    public FdWait(LoopAwaits awaits, int fd, FdEvents interest)
        : base(awaits) => source = awaits.Loop.AddFd(fd, interest, Take, name: "await");

    public ValueTask<FdEvents> Wait(CancellationToken cancellation)
    {
        Begin(cancellation);
        return AsValueTask();
    }

    protected override void LetGo() => source.Remove();

    private void Take(FdSource watched, FdEvents ready) => Complete(ready, atOnce: true);
}
