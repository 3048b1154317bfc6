using System;
using Spindle.Basics;
using Spindle.Loop;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor;

/// <summary>Pings a client that is silent, and disconnects it when it stays so. Looks once an interval at most, however much
/// the client says meanwhile.</summary>
internal sealed class KeepAliveTimer : IDisposable
{
    private readonly RpcClient client;
    private readonly TimeSpan interval;
    private readonly int countMax;
    private readonly TimerSource timer;
    private Instant silentSince;
    private int count;

    public KeepAliveTimer(RpcClient client, TimeSpan interval, int countMax)
    {
        this.client = client;
        this.interval = interval;
        this.countMax = countMax;
        silentSince = client.HeardAt;
        timer = client.Server.Door.Loop.AddTimer((_, now) => Look(now), name: "rpc: keepalive");
        timer.ArmAfter(interval);
    }

    public void Dispose() => timer.Remove();

    private void Look(Instant now)
    {
        if (client.HeardAt != silentSince)
        {
            silentSince = client.HeardAt;
            count = 0;
        }

        Instant due = silentSince + (interval * (count + 1));
        if (due > now)
        {
            timer.ArmAt(due);
        }
        else if (count == countMax)
        {
            client.Close();
        }
        else
        {
            count++;
            timer.ArmAt(due + interval);
            client.Send(KeepAlive.Ping);
        }
    }
}
