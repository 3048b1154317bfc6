using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Daemon.Storage;
using Spindle.Kernels;
using Spindle.Protocols.Dhcp.V4;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Tests.Storage;

public sealed class StoredLeaseTests
{
    private static readonly LeaseClocks Stored =
        new(Instant.FromSeconds(500), Instant.FromSeconds(1_800_000_000), Instant.FromSeconds(600), "boot-1");

    [Fact]
    public void A_lease_survives_the_file()
    {
        DhcpLease lease = Lease(acquiredAt: 400);
        StoredLease stored = Reread(StoredLease.Of(lease, Stored));
        Assert.Equal(Instant.FromSeconds(1_799_999_900), stored.AcquiredWall);
        Assert.True(stored.TryRestore(Stored, out DhcpLease? restored));
        Assert.Equal(lease, restored);
    }

    [Fact]
    public void The_file_tells_people_what_is_in_it()
    {
        KeyFileDocument document = new();
        StoredLease.Of(Lease(400), Stored).Write(document);
        Assert.Equal("10.99.0.95/24", document.GetString("lease", "Address"));
        Assert.Equal("10.99.0.1", document.GetString("lease", "Server"));
        Assert.Equal("2027-01-15T08:58:20Z", document.GetString("lease", "Until"));
    }

    [Fact]
    public void In_the_same_boot_the_boots_clock_tells_the_age_whatever_the_wall_clock_did()
    {
        StoredLease stored = StoredLease.Of(Lease(400), Stored);
        LeaseClocks later = new(Instant.FromSeconds(10), Instant.FromSeconds(5), Instant.FromSeconds(700), "boot-1");
        Assert.True(stored.TryRestore(later, out DhcpLease? lease));
        Assert.Equal(Instant.FromSeconds(10 - 200), lease.AcquiredAt);
    }

    [Fact]
    public void After_another_boot_the_wall_clock_tells_the_age()
    {
        StoredLease stored = StoredLease.Of(Lease(400), Stored);
        LeaseClocks later = new(Instant.FromSeconds(10), Stored.Wall + TimeSpan.FromSeconds(60), Instant.FromSeconds(9), "boot-2");
        Assert.True(stored.TryRestore(later, out DhcpLease? lease));
        Assert.Equal(Instant.FromSeconds(10 - 160), lease.AcquiredAt);
    }

    [Theory]
    [InlineData(3600, false)]
    [InlineData(3400, true)]
    public void A_lease_that_has_ended_is_none(int secondsLater, bool isOne)
    {
        StoredLease stored = StoredLease.Of(Lease(400), Stored);
        TimeSpan span = TimeSpan.FromSeconds(secondsLater);
        LeaseClocks later = new(Instant.FromSeconds(0), Stored.Wall, Stored.Boottime + span, "boot-1");
        Assert.Equal(isOne, stored.TryRestore(later, out _));
    }

    [Fact]
    public void A_wall_clock_before_the_leases_beginning_tells_no_age()
    {
        StoredLease stored = StoredLease.Of(Lease(400), Stored);
        LeaseClocks later = new(Instant.FromSeconds(10), Instant.FromSeconds(1000), Instant.FromSeconds(9), "boot-2");
        Assert.False(stored.TryRestore(later, out _));
    }

    [Theory]
    [InlineData("Acknowledgement", "zz")]
    [InlineData("Acknowledgement", "abc")]
    [InlineData("AcquiredWall", "soon")]
    [InlineData("AcquiredBoottime", "")]
    public void A_lease_that_is_not_whole_is_none(string key, string value)
    {
        KeyFileDocument document = new();
        StoredLease.Of(Lease(400), Stored).Write(document);
        document.SetString("lease", key, value);
        List<KeyFileError> defects = [];
        Assert.Null(StoredLease.Read(document, defects));
        Assert.NotEmpty(defects);
    }

    [Fact]
    public void An_acknowledgement_that_was_changed_is_no_lease()
    {
        StoredLease stored = StoredLease.Of(Lease(400), Stored) with { Acknowledgement = new byte[300] };
        Assert.False(Reread(stored).TryRestore(Stored, out _));
    }

    [Fact]
    public void The_clocks_of_this_machine_are_read()
    {
        LinuxKernel kernel = new();
        LeaseClocks clocks = LeaseClocks.Read(kernel, Instant.FromSeconds(1));
        Assert.Equal(36, clocks.BootId.Length);
        Assert.True(clocks.Wall > Instant.FromSeconds(1_600_000_000) && clocks.Boottime > Instant.Zero);
        Assert.Equal(clocks.BootId, LeaseClocks.Read(kernel, default).BootId);
    }

    internal static DhcpLease Lease(long acquiredAt)
    {
        Assert.True(DhcpLease.TryRestore(Acknowledgement(), Instant.FromSeconds(acquiredAt), out DhcpLease? lease));
        MacAddress.TryParse("00:02:03:04:05:06", out MacAddress server);
        return lease! with { ServerHardwareAddress = server };
    }

    private static StoredLease Reread(StoredLease stored)
    {
        KeyFileDocument document = new();
        stored.Write(document);
        Assert.True(KeyFileDocument.TryParse(document.ToOctets(), out KeyFileDocument? read, out _));
        StoredLease? reread = StoredLease.Read(read, []);
        Assert.Equal(stored, reread);
        return reread!;
    }

    /// <summary>RFC 2131, figure 1: a reply of 10.99.0.1 that gives 10.99.0.95/24 for an hour.</summary>
    private static byte[] Acknowledgement()
    {
        byte[] octets = new byte[300];
        ((byte[])[2, 1, 6, 0, 1, 2, 3, 4]).CopyTo(octets, 0);
        ((byte[])[10, 99, 0, 95]).CopyTo(octets, 16);
        ((byte[])[2, 0, 0, 0, 0, 1]).CopyTo(octets, 28);
        ((byte[])[99, 130, 83, 99, 53, 1, 5, 54, 4, 10, 99, 0, 1, 51, 4, 0, 0, 14, 16, 1, 4, 255, 255, 255, 0, 3, 4, 10, 99, 0, 1, 6, 4, 10, 99, 0, 1, 255])
            .CopyTo(octets, 236);
        return octets;
    }
}
