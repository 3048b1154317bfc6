using System;
using System.Text;
using Spindle.Basics;
using Spindle.Protocols.LibvirtRpc.Admin;
using Spindle.Protocols.LibvirtRpc.Remote;

namespace Spindle.Protocols.LibvirtRpc.Tests;

/// <summary>What is written reads back, and nothing that is cut short does; for values drawn from a seed.</summary>
public sealed class LawTests
{
    private const int Rounds = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_written_reads_back(int seed)
    {
        PseudoRandom random = new((ulong)seed);
        for (int round = 0; round < Rounds; round++)
        {
            string where = $"seed {seed}, round {round}";
            Holds(new NumberValue(Int(ref random)), where);
            Holds(new VersionValue(random.NextUInt64()), where);
            Holds(new TextValue(Text(ref random)), where);
            Holds(new OptionalTextValue(Optional(ref random)), where);
            Holds(new FlagsValue(random.NextUInt32()), where);
            Holds(new TextFlagsValue(Text(ref random), random.NextUInt32()), where);
            Holds(new OptionalTextFlagsValue(Optional(ref random), random.NextUInt32()), where);
            Holds(new ListAllValue(random.NextBelow(2) == 1, random.NextUInt32()), where);
            Holds(new TextListValue(Texts(ref random)), where);
            Holds(Reference(ref random), where);
            Holds(new InterfaceFlagsArguments(Reference(ref random), random.NextUInt32()), where);
            Holds(new InterfaceListResult(References(ref random), random.NextUInt32()), where);
            Holds(new SaslStartArguments(Text(ref random), Encoding.UTF8.GetBytes(Text(ref random))), where);
            Holds(new NodeInfo("m" + round, random.NextUInt64(), Int(ref random), 1, 2, 3, 4, 5), where);
            Holds(new NodeDeviceListResult(Texts(ref random), random.NextUInt32()), where);
            Holds(new NodeDeviceEventRegisterArguments((NodeDeviceEventKind)Int(ref random), Optional(ref random)), where);
            Holds(new NodeDeviceLifecycleEvent(Int(ref random), Text(ref random), NodeDeviceLifecycle.Created, 0), where);
            Holds(Client(ref random), where);
            Holds(new AdminParametersResult(Parameters(ref random)), where);
            Holds(new AdminSetParametersArguments(Text(ref random), Parameters(ref random), random.NextUInt32()), where);
            HoldsError(new((RpcErrorCode)Int(ref random), (RpcErrorDomain)Int(ref random), Optional(ref random), Optional(ref random),
                Optional(ref random), Optional(ref random), Int(ref random), Int(ref random)), where);
        }
    }

    private static void Holds<T>(T value, string where)
        where T : struct, IXdrValue<T>
    {
        XdrWriter writer = new();
        value.Write(writer);
        Assert.True(writer.Length % 4 == 0, where);
        XdrReader reader = new(writer.Written);
        Assert.True(T.TryRead(ref reader, out T read), where);
        Assert.True(reader.Remaining == 0, where);
        XdrWriter again = new();
        read.Write(again);
        Assert.True(writer.Written.SequenceEqual(again.Written), where);
        for (int length = 0; length < writer.Length; length++)
        {
            XdrReader cut = new(writer.Written[..length]);
            Assert.False(T.TryRead(ref cut, out T nothing), where);
            Assert.Equal(default, nothing);
        }
    }

    private static void HoldsError(RpcError error, string where)
    {
        XdrWriter writer = new();
        error.Write(writer);
        XdrReader reader = new(writer.Written);
        Assert.True(RpcError.TryRead(ref reader, out RpcError? read), where);
        Assert.Equal(error, read);
    }

    private static int Int(ref PseudoRandom random) => unchecked((int)random.NextUInt32());

    private static string? Optional(ref PseudoRandom random) => random.NextBelow(3) == 0 ? null : Text(ref random);

    // All but NUL, at which a text ends.
    private static string Text(ref PseudoRandom random)
    {
        byte[] octets = new byte[random.NextBelow(20)];
        bool isPlain = random.NextBelow(2) == 0;
        for (int i = 0; i < octets.Length; i++)
        {
            octets[i] = (byte)(1 + random.NextBelow(isPlain ? 127u : 255u));
        }

        return XdrText.Decode(octets);
    }

    private static string[] Texts(ref PseudoRandom random)
    {
        string[] texts = new string[random.NextBelow(5)];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = Text(ref random);
        }

        return texts;
    }

    private static InterfaceReference Reference(ref PseudoRandom random) => new(Text(ref random), Text(ref random));

    private static InterfaceReference[] References(ref PseudoRandom random)
    {
        InterfaceReference[] references = new InterfaceReference[random.NextBelow(4)];
        for (int i = 0; i < references.Length; i++)
        {
            references[i] = Reference(ref random);
        }

        return references;
    }

    private static AdminClient Client(ref PseudoRandom random)
    {
        return new(Text(ref random), random.NextUInt64(), (long)random.NextUInt64(), (AdminTransport)random.NextBelow(3));
    }

    private static TypedParameter[] Parameters(ref PseudoRandom random)
    {
        TypedParameter[] parameters = new TypedParameter[random.NextBelow(6)];
        for (int i = 0; i < parameters.Length; i++)
        {
            string field = Text(ref random);
            parameters[i] = random.NextBelow(7) switch
            {
                0 => new(field, Int(ref random)),
                1 => new(field, random.NextUInt32()),
                2 => new(field, (long)random.NextUInt64()),
                3 => new(field, random.NextUInt64()),
                4 => new(field, BitConverter.UInt64BitsToDouble(random.NextUInt64())),
                5 => new(field, random.NextBelow(2) == 1),
                _ => new(field, Text(ref random)),
            };
        }

        return parameters;
    }
}
