using System.Runtime.InteropServices;

namespace Spindle.Loop;

/// <summary>A word that shares its cache line with nothing: for what threads write in competition.</summary>
[StructLayout(LayoutKind.Explicit, Size = 136)]
internal struct ApartWord
{
    /// <summary>The word.</summary>
    [FieldOffset(64)]
    public long Value;
}
