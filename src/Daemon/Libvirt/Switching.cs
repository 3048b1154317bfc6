using System;
using Spindle.Loop;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Daemon.Libvirt;

/// <summary>An interface on its way up or down.</summary>
internal sealed class Switching
{
    private readonly InterfaceSwitch owner;
    private Action<RpcError?>? done;
    private Func<bool>? isReached;

    internal Switching(InterfaceSwitch owner, HostInterface shown, bool isOn, Action<RpcError?> done)
    {
        this.owner = owner;
        this.done = done;
        Shown = shown;
        IsOn = isOn;
    }

    /// <summary>Which.</summary>
    public HostInterface Shown { get; }

    /// <summary>Up or down.</summary>
    public bool IsOn { get; }

    internal int Ticket { get; set; }

    internal TimerSource? Timer { get; set; }

    /// <summary>Nobody waits any more; what was begun goes on.</summary>
    public void Drop()
    {
        done = null;
        End(null);
    }

    internal void WaitUntil(TimeSpan bound, Func<bool> condition)
    {
        isReached = condition;
        Timer!.ArmAfter(bound);
        Look();
    }

    internal void Look()
    {
        if (isReached?.Invoke() == true)
        {
            End(null);
        }
    }

    internal void Fail(string? detail) => End(RpcError.OperationInvalid(RpcErrorDomain.Interface, detail));

    internal void TimeOut() => End(RpcError.Formatted(
        RpcErrorCode.OperationTimeout,
        RpcErrorDomain.Interface,
        "Timed out during operation: %s",
        $"'{Shown.Name}' is not {(IsOn ? "up" : "down")} yet"));

    internal void Expire() => TimeOut();

    internal void End(RpcError? error)
    {
        isReached = null;
        Timer?.Remove();
        Timer = null;
        owner.Forget(this);
        Action<RpcError?>? told = done;
        done = null;
        told?.Invoke(error);
    }
}
