using Spindle.Daemon.Logging;
using Spindle.LibvirtDoor;
using Spindle.Loop;

namespace Spindle.Daemon.Libvirt;

/// <summary>Who was not let in, line by line; of a flood of them a few lines and a number.</summary>
internal sealed class RefusalLog
{
    private readonly Log log;
    private readonly LogAllowance allowance;

    public RefusalLog(EventLoop loop, Log log)
    {
        this.log = log;
        allowance = new LogAllowance(loop, count => log.Information($"libvirt: {count} more were not let in"));
    }

    /// <summary>Somebody is not let in.</summary>
    public void Tell(RpcClient client, string reason)
    {
        if (allowance.TryTake())
        {
            log.Information($"libvirt: {Describe(client)} is not let in: {reason}");
        }
    }

    /// <summary>There will be no more.</summary>
    public void Close() => allowance.Close();

    private static string Describe(RpcClient client) => client.Identity is { } who
        ? $"user {who.UserId}, process {who.ProcessId}"
        : client.Address ?? "somebody";
}
