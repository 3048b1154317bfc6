using System;
using System.Buffers.Binary;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>The running kernel, on which peers seem to be of another user than ours.</summary>
internal sealed class PeerKernel : LinuxKernel
{
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17; // SO_PEERCRED

    /// <summary>Whose they seem to be; null: whose they are.</summary>
    public uint? PeerUser { get; set; }

    public override Result GetSocketOption(int fd, int level, int option, Span<byte> value)
    {
        Result result = base.GetSocketOption(fd, level, option, value);
        if (result.IsOk && level == SocketLevel && option == PeerCredentialsOption && PeerUser is { } user)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(value[4..], user);
        }

        return result;
    }
}
