using System;
using Spindle.Basics;
using Spindle.Protocols.LibvirtRpc.Admin;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>A payload that lies about lengths and counts costs no more memory than its own size allows.</summary>
public sealed class HostileTests
{
    private delegate bool Reading(ReadOnlySpan<byte> octets);

    private static (string Name, Reading Read)[] All =>
    [
        Of<EmptyValue>(), Of<NumberValue>(), Of<VersionValue>(), Of<TextValue>(), Of<OptionalTextValue>(), Of<FlagsValue>(),
        Of<TextFlagsValue>(), Of<OptionalTextFlagsValue>(), Of<ListAllValue>(), Of<TextListValue>(), Of<TypedParameter>(),
        Of<AuthListResult>(), Of<SaslStartArguments>(), Of<SaslStepArguments>(), Of<SaslResult>(), Of<NodeInfo>(),
        Of<InterfaceReference>(), Of<InterfaceFlagsArguments>(), Of<InterfaceListResult>(), Of<NodeListDevicesArguments>(),
        Of<NodeDeviceListCapsArguments>(), Of<NodeDeviceListResult>(), Of<NodeDeviceEventRegisterArguments>(),
        Of<NodeDeviceLifecycleEvent>(), Of<NodeDeviceUpdateEvent>(), Of<AdminClient>(), Of<AdminClientFlagsArguments>(),
        Of<AdminListClientsArguments>(), Of<AdminLookupClientArguments>(), Of<AdminDaemonTimeoutArguments>(),
        Of<AdminLoggingOutputsResult>(), Of<AdminLoggingFiltersResult>(), Of<AdminServerListResult>(), Of<AdminClientListResult>(),
        Of<AdminParametersResult>(), Of<AdminServerParametersResult>(), Of<AdminSetParametersArguments>(),
        Of<InterfaceNamesResult>(), ("RpcError", ReadError),
    ];

    [Fact]
    public void Every_shape_is_here()
    {
        int shapes = 0;
        foreach (Type type in typeof(XdrReader).Assembly.GetTypes())
        {
            shapes += type.IsValueType && type.GetInterface("IXdrValue`1") is not null ? 1 : 0;
        }

        Assert.Equal(shapes + 1, All.Length);
    }

    [Theory]
    [InlineData(0xFFu)]
    [InlineData(0x7Fu)]
    [InlineData(0u)]
    public void Octets_that_are_all_alike_cost_little(uint octet)
    {
        byte[] payload = new byte[4096];
        payload.AsSpan().Fill((byte)octet);
        foreach ((string name, Reading read) in All)
        {
            Assert.True(Cost(read, payload) <= Allowed(payload.Length), name);
        }
    }

    [Theory]
    [InlineData(16_384u)]
    [InlineData(65_536u)]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(0x8000_0000u)]
    [InlineData(0xFFFF_FFFFu)]
    [InlineData(0x4000_0001u)] // times four is four
    [InlineData(0x2000_0001u)] // times eight is eight
    public void A_count_that_lies_allocates_nothing(uint count)
    {
        byte[] payload = new Wire().U32(count).U32(0).U32(0).U32(0).Octets();
        foreach ((string name, Reading read) in new[] { Of<InterfaceListResult>(), Of<TextListValue>(), Of<AdminClientListResult>(), Of<AuthListResult>() })
        {
            Assert.False(read(payload), name);
            Assert.Equal(0, Cost(read, payload));
        }
    }

    [Theory]
    [InlineData(0xFFFF_FFFCu)]
    [InlineData(0xFFFF_FFFFu)]
    [InlineData(0x8000_0000u)]
    [InlineData(4_194_304u)]
    [InlineData(9u)]
    public void A_length_that_lies_allocates_nothing(uint length)
    {
        byte[] payload = new Wire().U32(length).U64(0).Octets();
        foreach ((string name, Reading read) in new[] { Of<TextValue>(), Of<TextFlagsValue>(), Of<InterfaceReference>() })
        {
            Assert.False(read(payload), name);
            Assert.Equal(0, Cost(read, payload));
        }
    }

    [Fact]
    public void Random_octets_never_throw_and_cost_little()
    {
        const ulong Seed = 20260101;
        PseudoRandom random = new(Seed);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] payload = Words(ref random);
            (string name, Reading read) = All[(int)random.NextBelow((uint)All.Length)];
            Assert.True(Cost(read, payload) <= Allowed(payload.Length), $"{name}, seed {Seed}, round {round}");
        }
    }

    // Small words, so that counts, lengths and flags are often right.
    private static byte[] Words(ref PseudoRandom random)
    {
        Wire wire = new();
        uint words = random.NextBelow(64);
        for (uint i = 0; i < words; i++)
        {
            wire.U32(random.NextBelow(4) switch
            {
                0 => random.NextUInt32(),
                1 => random.NextBelow(3),
                2 => random.NextBelow(40),
                _ => 0x6562_3000 | random.NextBelow(256),
            });
        }

        return wire.Octets();
    }

    // A text of one octet takes eight on the wire and 24 as an object; an item of a list has its place in the array besides.
    private static long Allowed(int payloadLength) => 1024 + (16L * payloadLength);

    private static long Cost(Reading read, byte[] payload)
    {
        read(payload); // once for what is made once
        long before = GC.GetAllocatedBytesForCurrentThread();
        read(payload);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static (string Name, Reading Read) Of<T>()
        where T : struct, IXdrValue<T>
    {
        return (typeof(T).Name, Read<T>);
    }

    private static bool Read<T>(ReadOnlySpan<byte> octets)
        where T : struct, IXdrValue<T>
    {
        XdrReader reader = new(octets);
        return T.TryRead(ref reader, out _);
    }

    private static bool ReadError(ReadOnlySpan<byte> octets)
    {
        XdrReader reader = new(octets);
        return RpcError.TryRead(ref reader, out _);
    }
}
