using System;

namespace Spindle.Kernels.Linux;

/// <summary>The executable and the libraries that the dynamic linker mapped with it, by their headers in memory
/// (<c>man 5 elf</c>, <c>man 3 getauxval</c>).</summary>
/// <remarks>
/// Those stay mapped as long as the process lives; what was opened later (<c>dlopen</c>) may go and is not told. So neither a
/// lock nor a callback of <c>dl_iterate_phdr</c> is needed: managed code in that callback could be stopped by the collector,
/// which may wait for the same lock to walk the stacks.
/// </remarks>
internal static unsafe class LoadedObjects
{
    private const nuint ProgramHeaders = 3;     // AT_PHDR
    private const nuint ProgramHeaderCount = 5; // AT_PHNUM
    private const nuint LinkerBase = 7;         // AT_BASE
    private const uint TypeLoad = 1;            // PT_LOAD
    private const uint TypeDynamic = 2;         // PT_DYNAMIC
    private const uint TypeSelf = 6;            // PT_PHDR
    private const uint FlagWritable = 2;        // PF_W
    private const nint EntryDebug = 21;         // DT_DEBUG
    private const int MapBase = 0;              // of struct link_map, in words
    private const int MapName = 1;
    private const int MapNext = 3;
    private const uint ElfMagic = 0x464C457F;
    private const int HeaderTable = 32;         // e_phoff
    private const int HeaderTableCount = 56;    // e_phnum

    /// <summary>Where a stretch of memory that cannot be written begins and ends.</summary>
    public readonly record struct Segment(nuint From, nuint To);

    private struct ProgramHeader
    {
        public uint Type;
        public uint Flags;
        public nuint Offset;
        public nuint Address;
        public nuint PhysicalAddress;
        public nuint FileSize;
        public nuint MemorySize;
        public nuint Alignment;
    }

    /// <summary>The segments that cannot be written.</summary>
    /// <returns>How many there are; those that the room does not hold are left out.</returns>
    public static int FindReadOnly(Span<Segment> segments)
    {
        ProgramHeader* headers = (ProgramHeader*)LibC.GetAuxiliaryValue(ProgramHeaders);
        int headerCount = (int)LibC.GetAuxiliaryValue(ProgramHeaderCount);
        nuint linker = LibC.GetAuxiliaryValue(LinkerBase);
        if (headers is null || linker == 0)
        {
            return 0;
        }

        nuint self = BaseOf(headers, headerCount);
        int count = Add(self, headers, headerCount, segments, 0);
        for (nuint* map = FirstMap(self, headers, headerCount); map is not null; map = (nuint*)map[MapNext])
        {
            nuint from = map[MapBase];

            // Not the executable again, nor the vDSO, which has no path.
            if (from != self && from != 0 && *(byte*)map[MapName] == '/' && *(uint*)from == ElfMagic)
            {
                ProgramHeader* table = (ProgramHeader*)(from + *(nuint*)(from + HeaderTable));
                count = Add(from, table, *(ushort*)(from + HeaderTableCount), segments, count);
            }

            if (from == linker)
            {
                break;
            }
        }

        return count;
    }

    private static nuint BaseOf(ProgramHeader* headers, int count)
    {
        for (int index = 0; index < count; index++)
        {
            if (headers[index].Type == TypeSelf)
            {
                return (nuint)headers - headers[index].Address;
            }
        }

        return 0;
    }

    /// <summary>The linker keeps its list behind DT_DEBUG of the executable: struct r_debug has it at 8.</summary>
    private static nuint* FirstMap(nuint self, ProgramHeader* headers, int count)
    {
        for (int index = 0; index < count; index++)
        {
            nint* entry = headers[index].Type == TypeDynamic ? (nint*)(self + headers[index].Address) : null;
            for (; entry is not null && *entry != 0; entry += 2)
            {
                if (*entry == EntryDebug && entry[1] != 0)
                {
                    return *(nuint**)(entry[1] + 8);
                }
            }
        }

        return null;
    }

    private static int Add(nuint from, ProgramHeader* headers, int headerCount, Span<Segment> segments, int count)
    {
        for (int index = 0; index < headerCount && count < segments.Length; index++)
        {
            ref readonly ProgramHeader header = ref headers[index];
            if (header.Type == TypeLoad && (header.Flags & FlagWritable) == 0)
            {
                segments[count++] = new(from + header.Address, from + header.Address + header.MemorySize);
            }
        }

        return count;
    }
}
