using System;

namespace Spindle.Kernels;

/// <summary>How an epoll looks for packets itself before it sleeps (<c>EPIOCSPARAMS</c>, Linux 6.9; <c>man 2 ioctl_eventpoll</c>).</summary>
/// <param name="Duration">How long, in whole microseconds; zero: not at all.</param>
/// <param name="Budget">The most packets a look takes from a queue; 0: the kernel's own number. More than 64 needs
/// CAP_NET_ADMIN.</param>
/// <param name="IsPreferred">True: the network card's interrupts stay off as long as we look often enough.</param>
public readonly record struct BusyPolling(TimeSpan Duration, int Budget = 0, bool IsPreferred = false);
