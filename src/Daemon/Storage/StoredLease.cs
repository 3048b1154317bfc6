using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Storage;

/// <summary>A DHCP lease that outlives the process: a key file of our own, <c>lease</c>, beside a service's settings.</summary>
/// <remarks>It holds the server's message itself, so whatever a lease says survives; other keys tell people what is in it.
/// The age is told by the boot's clock, after another boot by the wall clock.</remarks>
public sealed record StoredLease
{
    private const string Group = "lease";

    /// <summary>The server's acknowledgement, from which the lease is made again.</summary>
    public required ReadOnlyMemory<byte> Acknowledgement { get; init; }

    /// <summary>The server's link-layer address; zero: unknown.</summary>
    public MacAddress ServerHardwareAddress { get; init; }

    /// <summary>When it began on CLOCK_REALTIME.</summary>
    public required Instant AcquiredWall { get; init; }

    /// <summary>When it began on CLOCK_BOOTTIME.</summary>
    public required Instant AcquiredBoottime { get; init; }

    /// <summary>The boot that <see cref="AcquiredBoottime"/> belongs to.</summary>
    public required string BootId { get; init; }

    /// <summary>What it was made of; null where it was read.</summary>
    private DhcpLease? Origin { get; init; }

    /// <summary>A lease to be stored.</summary>
    /// <param name="lease">The lease, its beginning on the client's clock.</param>
    /// <param name="now">The clocks now.</param>
    public static StoredLease Of(DhcpLease lease, in LeaseClocks now)
    {
        ArgumentNullException.ThrowIfNull(lease);
        TimeSpan age = now.Client - lease.AcquiredAt;
        return new StoredLease
        {
            Acknowledgement = lease.Acknowledgement,
            ServerHardwareAddress = lease.ServerHardwareAddress,
            AcquiredWall = now.Wall - age,
            AcquiredBoottime = now.Boottime - age,
            BootId = now.BootId,
            Origin = lease,
        };
    }

    /// <summary>The lease again, its beginning on the client's clock.</summary>
    /// <returns>False if it has ended, its age cannot be told, or the message makes no lease.</returns>
    public bool TryRestore(in LeaseClocks now, [NotNullWhen(true)] out DhcpLease? lease)
    {
        bool isSameBoot = BootId.Length > 0 && BootId == now.BootId;
        TimeSpan age = isSameBoot ? now.Boottime - AcquiredBoottime : now.Wall - AcquiredWall;
        lease = null;
        if (age < TimeSpan.Zero || !DhcpLease.TryRestore(Acknowledgement.Span, now.Client - age, out DhcpLease? restored)
            || restored is null || restored.IsExpired(now.Client))
        {
            return false;
        }

        lease = restored with { ServerHardwareAddress = ServerHardwareAddress };
        return true;
    }

    /// <summary>Reads the file's group; null if it is not there or not whole.</summary>
    public static StoredLease? Read(KeyFileDocument document, ICollection<KeyFileError> defects)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (!document.HasGroup(Group))
        {
            return null;
        }

        SettingsGroupReader group = new(document, Group, defects);
        byte[]? acknowledgement = FromHex(group.String("Acknowledgement"));
        long? wall = document.GetInt64(Group, "AcquiredWall");
        long? boottime = document.GetInt64(Group, "AcquiredBoottime");
        if (acknowledgement is null || wall is null || boottime is null)
        {
            group.Complain("Acknowledgement", "or a time is not there: the lease is forgotten");
            return null;
        }

        MacAddress.TryParse(group.String("ServerHardwareAddress"), out MacAddress server);
        return new StoredLease
        {
            Acknowledgement = acknowledgement,
            ServerHardwareAddress = server,
            AcquiredWall = new Instant(wall.Value),
            AcquiredBoottime = new Instant(boottime.Value),
            BootId = group.String("BootId") ?? "",
        };
    }

    /// <summary>Writes the file's group.</summary>
    public void Write(KeyFileDocument document)
    {
        OrderedGroup group = new(document, Group);
        DhcpLease? lease = Origin;
        if (lease is not null || DhcpLease.TryRestore(Acknowledgement.Span, AcquiredWall, out lease))
        {
            Instant until = AcquiredWall + lease!.LeaseTime;
            group.Set("Address", lease.Address.ToString());
            group.Set("Server", lease.ServerIdentifier.ToString());
            group.Set("Until", until.IsNever ? "never" : Show(until));
        }

        group.SetOrRemove("ServerHardwareAddress", ServerHardwareAddress.IsZero ? null : ServerHardwareAddress.ToString());
        group.Set("AcquiredWall", AcquiredWall.Nanoseconds);
        group.Set("AcquiredBoottime", AcquiredBoottime.Nanoseconds);
        group.Set("BootId", BootId);
        group.Set("Acknowledgement", Convert.ToHexString(Acknowledgement.Span));
    }

    /// <inheritdoc/>
    public bool Equals(StoredLease? other) =>
        other is not null && AcquiredWall == other.AcquiredWall && AcquiredBoottime == other.AcquiredBoottime
        && BootId == other.BootId && ServerHardwareAddress == other.ServerHardwareAddress
        && Acknowledgement.Span.SequenceEqual(other.Acknowledgement.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(AcquiredWall, AcquiredBoottime, BootId);

    private static byte[]? FromHex(string? text)
    {
        if (text is null || text.Length % 2 != 0 || text.Length > 4096 || text.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF"))
        {
            return null;
        }

        return Convert.FromHexString(text);
    }

    private static string Show(Instant wall)
    {
        long ticks = wall.Nanoseconds / TimeSpan.NanosecondsPerTick;
        return UtcText.Of(DateTime.UnixEpoch.AddTicks(ticks));
    }
}
