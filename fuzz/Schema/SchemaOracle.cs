using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Fuzz.Schema;

/// <summary>schema-oracle.c as a process: documents in, libxml2's verdicts out. Compiled at the first use.</summary>
internal sealed class SchemaOracle : IDisposable
{
    private readonly Process process;

    private SchemaOracle(Process process, string version)
    {
        this.process = process;
        Version = version;
    }

    /// <summary>Which libxml2.</summary>
    public string Version { get; }

    /// <summary>Starts the judge of a schema; false with what this machine lacks.</summary>
    public static bool TryStart(string schema, out SchemaOracle? oracle, out string missing)
    {
        oracle = null;
        if (!File.Exists(schema))
        {
            missing = $"there is no {schema} (libvirt's packages install it; --schemas DIRECTORY names another place)";
            return false;
        }

        if (!TryCompile(out string program, out missing))
        {
            return false;
        }

        Process process = Process.Start(new ProcessStartInfo(program, [schema])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        if (process.StandardOutput.ReadLine() is not string version)
        {
            missing = $"libxml2 does not read {schema}";
            return false;
        }

        oracle = new(process, version);
        return true;
    }

    /// <summary>What libxml2 says of a document.</summary>
    public SchemaVerdict Judge(byte[] document)
    {
        Stream input = process.StandardInput.BaseStream;
        input.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{document.Length}\n")));
        input.Write(document);
        input.Flush();
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("libxml2's side ended");
        string[] words = line.Split(' ', 3);
        return words[0] switch
        {
            "accept" => new(OracleVerdict.Accept, 0, ""),
            "invalid" => new(OracleVerdict.Invalid, 0, line["invalid ".Length..]),
            "malformed" => new(OracleVerdict.Malformed, int.Parse(words[1], CultureInfo.InvariantCulture), words[2].TrimEnd()),
            _ => throw new InvalidOperationException($"libxml2's side said: {line}"),
        };
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private static bool TryCompile(out string program, out string missing)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "schema-oracle.c");
        program = Path.Combine(AppContext.BaseDirectory, "schema-oracle");
        ProcessStartInfo start = new("gcc", ["-O1", "-Wall", "-Wextra", "-I/usr/include/libxml2", "-o", program, source, "-lxml2"])
        {
            RedirectStandardError = true,
        };
        try
        {
            using Process compiler = Process.Start(start)!;
            string said = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            missing = compiler.ExitCode == 0 ? "" : $"the judge does not compile (it needs libxml2-dev):\n{said}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            missing = "there is no gcc";
        }

        return missing.Length == 0;
    }
}
