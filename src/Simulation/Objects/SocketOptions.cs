using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Kernels;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Packets;

namespace Spindle.Simulation.Objects;

/// <summary>Options of the level SOL_SOCKET of one <see cref="AddressedSocket"/> (<c>man 7 socket</c>).</summary>
internal sealed class SocketOptions
{
    /// <summary>SOL_SOCKET.</summary>
    public const int Level = 1;

    public const int ReuseAddress = 2;
    public const int Broadcast = 6;
    public const int KeepAlive = 9;
    public const int ReusePort = 15;
    public const int Mark = 36;

    private const int TypeOption = 3;
    private const int ErrorOption = 4;
    private const int SendBufferOption = 7;
    private const int ReceiveBufferOption = 8;
    private const int PriorityOption = 12;
    private const int LingerOption = 13;
    private const int LowWaterOption = 18;
    private const int DeviceOption = 25;
    private const int DetachFilterOption = 27;
    private const int AcceptingOption = 30;
    private const int SendBufferForceOption = 32;
    private const int ReceiveBufferForceOption = 33;
    private const int ProtocolOption = 38;
    private const int DomainOption = 39;
    private const int DeviceIndexOption = 62;
    private const int NameSizeMax = 16;
    private const int ReceiveBufferMin = 2304;
    private const int BufferMax = 4_194_304; // net.core.rmem_max
    private const int OrdinaryPriorityMax = 6;

    private Dictionary<int, int>? numbers;

    /// <summary>SO_LINGER: seconds; null where it is off.</summary>
    public int? LingerSeconds { get; private set; }

    public bool IsSet(int option) => this[option] != 0;

    /// <summary>A number option's value.</summary>
    public int this[int option] => numbers?.GetValueOrDefault(option) ?? 0;

    public Result Set(AddressedSocket socket, SimulatedProcess process, int option, ReadOnlySpan<byte> value)
    {
        if (option == DeviceOption)
        {
            return SetDevice(socket, value);
        }

        if (option == DetachFilterOption)
        {
            bool had = socket.Filter is not null;
            socket.Filter = null;
            return had ? Result.Ok() : Result.Fail(Errno.ENOENT);
        }

        if (value.Length < sizeof(int))
        {
            return Result.Fail(Errno.EINVAL);
        }

        int number = MemoryMarshal.Read<int>(value);
        switch (option)
        {
            case ReuseAddress or Broadcast or KeepAlive or ReusePort:
                (numbers ??= [])[option] = number != 0 ? 1 : 0;
                return Result.Ok();
            case PriorityOption:
                return number is >= 0 and <= OrdinaryPriorityMax || process.IsPrivileged ? Keep(option, number) : Result.Fail(Errno.EPERM);
            case Mark:
                return process.IsPrivileged ? Keep(option, number) : Result.Fail(Errno.EPERM);
            case SendBufferOption:
                socket.SetSendBuffer(number);
                return Result.Ok();
            case SendBufferForceOption:
                return process.IsPrivileged ? socket.SetSendBuffer(number) with { Value = 0 } : Result.Fail(Errno.EPERM);
            case ReceiveBufferOption:
                socket.ReceiveBuffer = Math.Max(Math.Min(number, BufferMax) * 2, ReceiveBufferMin);
                return Result.Ok();
            case ReceiveBufferForceOption when process.IsPrivileged:
                socket.ReceiveBuffer = Math.Max(Math.Min(Math.Max(number, 0), int.MaxValue / 2) * 2, ReceiveBufferMin);
                return Result.Ok();
            case ReceiveBufferForceOption:
                return Result.Fail(Errno.EPERM);
            case LowWaterOption:
                socket.ReceiveLowWater = number < 0 ? int.MaxValue : Math.Max(number, 1);
                return Result.Ok();
            case LingerOption:
                return SetLinger(value);
            case DeviceIndexOption:
                return SetDevice(socket, number);
            default:
                return Result.Fail(Errno.ENOPROTOOPT);
        }
    }

    public Result Get(AddressedSocket socket, int option, Span<byte> value)
    {
        if (option == DeviceOption)
        {
            return GetDevice(socket, value);
        }

        int? number = option switch
        {
            ReuseAddress or Broadcast or KeepAlive or ReusePort or PriorityOption or Mark => this[option],
            TypeOption => (int)socket.Type,
            ErrorOption => (int)socket.TakeError(),
            SendBufferOption => socket.SendBuffer,
            ReceiveBufferOption => socket.ReceiveBuffer,
            LowWaterOption => socket.ReceiveLowWater,
            AcceptingOption => socket is TcpSocket { State: TcpState.Listen } ? 1 : 0,
            ProtocolOption => socket.Protocol,
            DomainOption => (int)socket.Family,
            DeviceIndexOption => socket.DeviceIndex,
            _ => null,
        };
        if (number is not { } found)
        {
            return Result.Fail(Errno.ENOPROTOOPT);
        }

        int size = Math.Min(value.Length, sizeof(int));
        MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in found))[..size].CopyTo(value);
        return Result.Ok(size);
    }

    private Result Keep(int option, int number)
    {
        (numbers ??= [])[option] = number;
        return Result.Ok();
    }

    private Result SetLinger(ReadOnlySpan<byte> value)
    {
        if (value.Length < 2 * sizeof(int))
        {
            return Result.Fail(Errno.EINVAL);
        }

        LingerSeconds = MemoryMarshal.Read<int>(value) == 0 ? null : MemoryMarshal.Read<int>(value[sizeof(int)..]);
        return Result.Ok();
    }

    // The name may end in NUL or not; an empty one lets the socket free.
    private static Result SetDevice(AddressedSocket socket, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> name = value[..Math.Min(value.Length, NameSizeMax - 1)];
        int end = name.IndexOf((byte)0);
        name = end < 0 ? name : name[..end];
        int index = 0;
        if (!name.IsEmpty)
        {
            SimulatedLink? link = socket.Machine.Network.FindLink(Encoding.UTF8.GetString(name));
            if (link is null)
            {
                return Result.Fail(Errno.ENODEV);
            }

            index = link.Index;
        }

        socket.DeviceIndex = index;
        return Result.Ok();
    }

    private static Result SetDevice(AddressedSocket socket, int index)
    {
        if (index < 0)
        {
            return Result.Fail(Errno.EINVAL);
        }

        socket.DeviceIndex = index;
        return Result.Ok();
    }

    private static Result GetDevice(AddressedSocket socket, Span<byte> value)
    {
        if (socket.DeviceIndex == 0)
        {
            return Result.Ok(0);
        }

        if (value.Length < NameSizeMax)
        {
            return Result.Fail(Errno.EINVAL);
        }

        SimulatedLink? link = socket.Machine.Network.FindLink(socket.DeviceIndex);
        if (link is null)
        {
            return Result.Fail(Errno.ENODEV);
        }

        int length = Encoding.UTF8.GetBytes(link.Name, value);
        value[length] = 0;
        return Result.Ok(length + 1);
    }
}
