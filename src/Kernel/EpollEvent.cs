namespace Spindle.Kernels;

/// <summary>One event of epoll_wait, as values: <see cref="Kernel"/> hides that the kernel's layout is packed on x86-64 only.</summary>
/// <param name="Events">The <c>EPOLL*</c> bits.</param>
/// <param name="Data">What the registration carries.</param>
public readonly record struct EpollEvent(uint Events, ulong Data);
