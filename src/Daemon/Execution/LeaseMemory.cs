using System.Collections.Generic;
using Spindle.Daemon.Storage;
using Spindle.Loop;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Daemon.Execution;

/// <summary>Leases that outlive the process, so that the next start goes on with them.</summary>
internal sealed class LeaseMemory(EventLoop loop, SettingsStore store)
{
    private readonly Dictionary<string, StoredLease?> leases = [];

    /// <summary>What was found on disk for a service.</summary>
    public void Remember(string ident, StoredLease? lease) => leases[ident] = lease;

    /// <summary>The lease of a service, if it still lasts.</summary>
    public DhcpLease? Load(string ident) =>
        leases.GetValueOrDefault(ident) is { } stored
        && stored.TryRestore(LeaseClocks.Read(loop.Kernel, loop.BoottimeNow), out DhcpLease? lease) ? lease : null;

    /// <summary>Keeps a lease; null: there is none any more.</summary>
    public void Save(string ident, DhcpLease? lease)
    {
        StoredLease? stored = lease is null ? null : StoredLease.Of(lease, LeaseClocks.Read(loop.Kernel, loop.BoottimeNow));
        if (stored is not null || leases.GetValueOrDefault(ident) is not null)
        {
            store.SaveLease(ident, stored);
        }

        leases[ident] = stored;
    }
}
