using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Spindle.Kernels;
using Spindle.Simulation;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>Arguments in XDR, made by hand: not by the codec that is tested.</summary>
internal sealed class Octets
{
    private readonly List<byte> octets = [];

    public static Octets None => new();

    public Octets Number(uint value)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            octets.Add((byte)(value >> shift));
        }

        return this;
    }

    public Octets Text(string value)
    {
        byte[] text = Encoding.UTF8.GetBytes(value);
        Number((uint)text.Length);
        octets.AddRange(text);
        octets.AddRange(new byte[(4 - (text.Length % 4)) % 4]);
        return this;
    }

    /// <summary>A text that may be missing, and is there.</summary>
    public Octets Some(string value) => Number(1).Text(value);

    public byte[] ToArray() => [.. octets];
}

/// <summary>An answer, or an event.</summary>
internal sealed class RpcAnswer(byte[] message)
{
    private int at = 28;

    public byte[] Message => message;

    public string Hex => Convert.ToHexStringLower(message);

    public uint Program => Word(4);

    public uint Procedure => Word(12);

    public uint Type => Word(16);

    public uint Serial => Word(20);

    public bool IsError => Word(24) != 0;

    public int Remaining => message.Length - at;

    public uint Number()
    {
        at += 4;
        return Word(at - 4);
    }

    public ulong Long() => ((ulong)Number() << 32) | Number();

    public string Text()
    {
        int length = (int)Number();
        string text = Encoding.UTF8.GetString(message, at, length);
        at += (length + 3) / 4 * 4;
        return text;
    }

    public string? Optional() => Number() == 0 ? null : Text();

    /// <summary>Code, domain and sentence.</summary>
    public (uint Code, uint Domain, string Sentence) Error()
    {
        Assert.True(IsError, Hex);
        return (Number(), Number(), Optional() ?? "");
    }

    /// <summary>Name and address of each of a list's interfaces.</summary>
    public List<(string Name, string Mac)> Interfaces()
    {
        Assert.False(IsError, Hex);
        List<(string, string)> found = [];
        for (uint count = Number(); count > 0; count--)
        {
            found.Add((Text(), Text()));
        }

        return found;
    }

    public List<string> Texts()
    {
        Assert.False(IsError, Hex);
        List<string> found = [];
        for (uint count = Number(); count > 0; count--)
        {
            found.Add(Text());
        }

        return found;
    }

    private uint Word(int place) => BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(place));
}

/// <summary>A client of libvirt's protocol, written from its description: a process of its own on the same machine.</summary>
internal sealed class RpcTestClient
{
    public const uint Remote = 0x20008086;

    private readonly DoorWorld world;
    private readonly Kernel kernel;
    private readonly int fd;
    private readonly List<byte> received = [];
    private readonly List<RpcAnswer> events = [];
    private uint serial;

    /// <summary>Its process.</summary>
    public int ProcessId => kernel.ProcessId;

    public RpcTestClient(DoorWorld world, string path, uint user = 0)
    {
        this.world = world;
        kernel = new SimulatedKernel(world.Machine, user);
        fd = kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0).Int;
        Assert.True(SocketAddress.TryUnix(path, out SocketAddress address));
        Result connected = kernel.Connect(fd, address);
        Assert.True(connected.IsOk, $"{path}: {connected.Error}");
    }

    /// <summary>Which program is called.</summary>
    public uint Program { get; init; } = Remote;

    /// <summary>The other end has closed.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>What virsh does first on the unix socket, as root.</summary>
    public RpcTestClient Open(uint flags = 0, string uri = "interface:///system")
    {
        Assert.Equal("000000242000808600000001000000420000000100000000000000000000000100000000", Call(66).Hex);
        Assert.Equal(1u, Call(60, Octets.None.Number(10)).Number());
        Assert.Equal(0, Call(1, Octets.None.Some(uri).Number(flags)).Remaining);
        Assert.Equal(1u, Call(60, Octets.None.Number(14)).Number());
        Assert.Equal(1u, Call(60, Octets.None.Number(15)).Number());
        Assert.Equal(0, Call(360).Remaining);
        return this;
    }

    /// <summary>Calls, and waits for the answer.</summary>
    public RpcAnswer Call(uint procedure, Octets? arguments = null, TimeSpan? bound = null) =>
        Await(Send(procedure, arguments), bound ?? TimeSpan.FromSeconds(5));

    /// <summary>Waits for the answer with this serial.</summary>
    public RpcAnswer Await(uint sent, TimeSpan bound)
    {
        RpcAnswer? answer = null;
        world.Until(() => IsEnded || (answer ??= TryTake(sent)) is not null, bound);
        Assert.True(answer is not null, $"no answer to the message {sent}");
        return answer;
    }

    /// <summary>Calls, and does not wait; the serial.</summary>
    public uint Send(uint procedure, Octets? arguments = null)
    {
        byte[] payload = (arguments ?? Octets.None).ToArray();
        Octets message = Octets.None.Number((uint)payload.Length + 28).Number(Program).Number(1).Number(procedure)
            .Number(0).Number(serial).Number(0);
        SendRaw([.. message.ToArray(), .. payload]);
        return serial++;
    }

    public void SendRaw(byte[] octets) => Assert.Equal(octets.Length, kernel.Send(fd, octets).Int);

    /// <summary>The answer with this serial, if it has come.</summary>
    public RpcAnswer? TryTake(uint wanted) => Take(answer => answer.Type == 1 && answer.Serial == wanted);

    /// <summary>The next event, waited for.</summary>
    public RpcAnswer Event()
    {
        RpcAnswer? answer = null;
        world.Until(() => (answer ??= Take(static each => each.Type == 2)) is not null, TimeSpan.FromSeconds(5));
        Assert.NotNull(answer);
        return answer;
    }

    /// <summary>An event, if one has come.</summary>
    public RpcAnswer? TryTakeEvent() => Take(static each => each.Type == 2);

    /// <summary>Goes away without a word.</summary>
    public void Vanish() => kernel.Close(fd);

    /// <summary>Looks whether the other end has closed.</summary>
    public bool HasEnded()
    {
        Take(static _ => false);
        return IsEnded;
    }

    private RpcAnswer? Take(Predicate<RpcAnswer> wanted)
    {
        byte[] piece = new byte[65536];
        Result read = kernel.Receive(fd, piece);
        while (read.IsOk && read.Int > 0)
        {
            received.AddRange(piece.AsSpan(0, read.Int));
            read = kernel.Receive(fd, piece);
        }

        IsEnded |= read.IsOk || !read.Is(Errno.EAGAIN);
        while (received.Count >= 4)
        {
            int length = (int)BinaryPrimitives.ReadUInt32BigEndian([received[0], received[1], received[2], received[3]]);
            if (received.Count < length)
            {
                break;
            }

            events.Add(new RpcAnswer([.. received[..length]]));
            received.RemoveRange(0, length);
        }

        int found = events.FindIndex(wanted);
        if (found < 0)
        {
            return null;
        }

        RpcAnswer answer = events[found];
        events.RemoveAt(found);
        return answer;
    }
}
