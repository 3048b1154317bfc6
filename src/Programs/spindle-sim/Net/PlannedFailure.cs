using System.Globalization;
using Spindle.Kernels;
using Spindle.Simulation.Faults;

namespace Spindle.Programs.Net;

/// <summary>One system call that fails, if it may.</summary>
/// <param name="Call">Of which kind.</param>
/// <param name="Number">Its number among those of the daemon's first life, from 1.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Error">What it fails with.</param>
internal sealed record PlannedFailure(SystemCall Call, long Number, FaultKind Kind, Errno Error)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Call} number {Number} fails with {Error}");
}
