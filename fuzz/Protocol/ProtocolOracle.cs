using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Spindle.Fuzz.Protocol;

/// <summary>protocol-oracle.c as a process: octets in, what rpcgen's code makes of them out. Made of the definitions at the first use.</summary>
internal sealed class ProtocolOracle : IDisposable
{
    private readonly Process process;

    private ProtocolOracle(Process process) => this.process = process;

    /// <summary>Octets that were sent to it.</summary>
    public int Asked { get; private set; }

    /// <summary>Starts the judge; null with what this machine lacks.</summary>
    public static ProtocolOracle? TryStart(XdrModule module, IReadOnlyList<string> definitions, IEnumerable<string> types, out string missing)
    {
        string place = Directory.CreateTempSubdirectory("spindle-protocol-").FullName;
        try
        {
            WriteSources(place, module, definitions, types);
            string program = Path.Combine(place, "oracle");
            if (!TryRun(place, out missing, "rpcgen", "-h", "-o", "protocol.h", "protocol.x")
                || !TryRun(place, out missing, "rpcgen", "-c", "-o", "protocol.c", "protocol.x")
                || !TryRun(place, out missing, "gcc", "-O1", "-w", "-I.", "-I/usr/include/tirpc", "-o", program,
                    Path.Combine(AppContext.BaseDirectory, "protocol-oracle.c"), "protocol.c", "-ltirpc"))
            {
                return null;
            }

            return new(Process.Start(new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    /// <summary>Reads octets as a type; false when they are refused.</summary>
    /// <param name="type">The type's name.</param>
    /// <param name="octets">The octets.</param>
    /// <param name="consumed">How many of them were read.</param>
    /// <param name="again">What was read, written again.</param>
    public bool Reads(string type, ReadOnlySpan<byte> octets, out int consumed, out byte[] again)
    {
        Asked++;
        Stream input = process.StandardInput.BaseStream;
        input.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{type} {octets.Length}\n")));
        input.Write(octets);
        input.Flush();
        Stream output = process.StandardOutput.BaseStream;
        string[] words = ReadLine(output).Split(' ');
        bool isRead = words[0] == "read";
        consumed = isRead ? int.Parse(words[1], CultureInfo.InvariantCulture) : 0;
        again = new byte[isRead ? int.Parse(words[2], CultureInfo.InvariantCulture) : 0];
        output.ReadExactly(again);
        return isRead;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    // One file of all definitions, without their lines for C; the numbers that they take from C are macros.
    private static void WriteSources(string place, XdrModule module, IReadOnlyList<string> definitions, IEnumerable<string> types)
    {
        string text = string.Join('\n', definitions.Select(File.ReadAllText));
        string[] lines = text.Split('\n').Where(line => !line.StartsWith('%')).ToArray();
        IEnumerable<string> taken = module.Constants.Where(constant => constant.Key.StartsWith("VIR_TYPED_PARAM_", StringComparison.Ordinal)
                || constant.Key.EndsWith("_BUFLEN", StringComparison.Ordinal))
            .Select(constant => string.Create(CultureInfo.InvariantCulture, $"%#define {constant.Key} {constant.Value}"));
        File.WriteAllLines(Path.Combine(place, "protocol.x"), taken.Concat(lines));
        File.WriteAllLines(Path.Combine(place, "types.inc"), types.Select(type => $"T({type})"));
    }

    private static bool TryRun(string place, out string missing, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardError = true, WorkingDirectory = place };
        try
        {
            using Process process = Process.Start(start)!;
            string said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            missing = process.ExitCode == 0 ? "" : $"{program} (rpcsvc-proto, gcc, libtirpc-dev) says: {said}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            missing = $"there is no {program} (rpcsvc-proto, gcc, libtirpc-dev)";
        }

        return missing.Length == 0;
    }

    private static string ReadLine(Stream output)
    {
        StringBuilder line = new();
        for (int octet = output.ReadByte(); octet != '\n'; octet = output.ReadByte())
        {
            line.Append(octet >= 0 ? (char)octet : throw new InvalidOperationException("rpcgen's side ended"));
        }

        return line.ToString();
    }
}
