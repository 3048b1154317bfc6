using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Spindle.Kernels.Linux;

/// <summary>Starts a child by posix_spawn: vfork's speed, and the C library blocks signals until the child is another program.</summary>
internal static unsafe class ChildProcess
{
    // posix_spawnattr_t has 336 octets, posix_spawn_file_actions_t 80 (glibc), both less in musl.
    private const int AttributesSize = 512;
    private const int FileActionsSize = 256;
    private const int LibrarySignalSetSize = 128; // sizeof(sigset_t) of the C library

    private const short FlagSignalDefault = 0x04; // POSIX_SPAWN_SETSIGDEF
    private const short FlagSignalMask = 0x08;    // POSIX_SPAWN_SETSIGMASK
    private const short FlagSession = 0x80;       // POSIX_SPAWN_SETSID

    public static Result Spawn(SpawnRequest request)
    {
        Span<int> copies = request.Descriptors.Count <= 64
            ? stackalloc int[request.Descriptors.Count]
            : new int[request.Descriptors.Count];
        Result copied = Copy(request.Descriptors, copies, out int count);
        Result result = copied.IsOk ? SpawnWith(request, copies) : copied;
        foreach (int copy in copies[..count])
        {
            Descriptors.Close(copy);
        }

        return result;
    }

    /// <summary>
    /// Copies all descriptors above all numbers wanted in the child, since dup2 works one after the other: 3 to 4 and
    /// 4 to 3 would overwrite each other.
    /// </summary>
    private static Result Copy(IReadOnlyList<(int Ours, int Childs)> descriptors, Span<int> copies, out int count)
    {
        count = 0;
        int highest = 2;
        foreach ((int _, int childs) in descriptors)
        {
            highest = Math.Max(highest, childs);
        }

        foreach ((int ours, int _) in descriptors)
        {
            Result copy = Descriptors.Duplicate(ours, highest + 1);
            if (!copy.IsOk)
            {
                return copy;
            }

            copies[count++] = copy.Int;
        }

        return Result.Ok();
    }

    private static Result SpawnWith(SpawnRequest request, ReadOnlySpan<int> copies)
    {
        byte* attributes = stackalloc byte[AttributesSize];
        byte* fileActions = stackalloc byte[FileActionsSize];
        LibC.PosixSpawnAttributesInit(attributes);
        LibC.PosixSpawnFileActionsInit(fileActions);
        try
        {
            SetSignals(attributes, request.NewSession ? FlagSession : (short)0);
            for (int index = 0; index < copies.Length; index++)
            {
                int error = LibC.PosixSpawnFileActionsAddDup2(
                    fileActions, copies[index], request.Descriptors[index].Childs);
                if (error != 0)
                {
                    return Result.Fail((Errno)error);
                }
            }

            return Start(request, attributes, fileActions);
        }
        finally
        {
            LibC.PosixSpawnFileActionsDestroy(fileActions);
            LibC.PosixSpawnAttributesDestroy(attributes);
        }
    }

    private static void SetSignals(byte* attributes, short flags)
    {
        Span<byte> set = stackalloc byte[LibrarySignalSetSize];
        set.Clear();
        fixed (byte* signals = set)
        {
            LibC.PosixSpawnAttributesSetSignalMask(attributes, signals);

            // The runtime ignores SIGPIPE, and an ignored signal stays ignored across exec.
            ulong all = SignalSet.All.Without([9, 19, 32, 33]).Bits;
            MemoryMarshal.Write(set, all);
            LibC.PosixSpawnAttributesSetSignalDefault(attributes, signals);
        }

        LibC.PosixSpawnAttributesSetFlags(attributes, (short)(flags | FlagSignalDefault | FlagSignalMask));
    }

    private static Result Start(SpawnRequest request, byte* attributes, byte* fileActions)
    {
        int processId = 0;
        using CString path = new(request.Path);
        using CStringList arguments = new(request.Arguments);
        using CStringList environment = new(request.Environment ?? OurEnvironment());
        int error = LibC.PosixSpawn(
            &processId, path.Pointer, fileActions, attributes, arguments.Pointer, environment.Pointer);
        return error == 0 ? Result.Ok(processId) : Result.Fail((Errno)error);
    }

    private static List<string> OurEnvironment()
    {
        List<string> variables = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables.Add($"{variable.Key}={variable.Value}");
        }

        return variables;
    }
}
