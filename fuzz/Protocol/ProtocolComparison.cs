using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Protocols.InterfaceXml.Generated;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Fuzz.Protocol;

/// <summary>
/// <c>fuzz rpc --protocol DIRECTORY [--cases N] [--seed S]</c>: our codecs of libvirt's messages against libvirt's own definitions, which an
/// interpreter of their language reads: random values both ways, limits, damage, and every number.
/// </summary>
internal sealed class ProtocolComparison(XdrModule module, ProtocolOracle? oracle)
{
    private const int ShownMax = 20;
    private readonly List<string> findings = [];
    private readonly XdrWriter writer = new();
    private int read;
    private int refused;
    private int strange;
    private int written;
    private int limits;

    /// <summary>The verb. Ends with 1 when both sides differ where no difference is meant, with 2 when there is nothing to compare with.</summary>
    public static int Run(string? directory, int cases, ulong seed)
    {
        string missing = "--protocol DIRECTORY is missing: libvirt's sources, or its *_protocol.x and virnetprotocol.x";
        XdrModule module = new();
        IReadOnlyList<string> paths = [];
        if (directory is null || !ProtocolFiles.TryRead(directory, out module, out paths, out missing))
        {
            Console.Error.WriteLine($"fuzz rpc: NOTHING WAS COMPARED: {missing}");
            return 2;
        }

        IEnumerable<string> types = RpcCodecs.All.Keys.Where(module.Types.ContainsKey);
        using ProtocolOracle? oracle = ProtocolOracle.TryStart(module, paths, types, out string lacking);
        Console.WriteLine(oracle is not null ? "a second judge: what rpcgen makes of the definitions, on libtirpc" : $"without rpcgen's code: {lacking}");
        ProtocolComparison comparison = new(module, oracle);
        NumberComparison numbers = new(module, comparison.findings);
        numbers.Run();
        comparison.Cover();
        foreach ((string name, RpcCodec codec) in RpcCodecs.All.Where(codec => module.Types.ContainsKey(codec.Key)))
        {
            comparison.One(name, codec, cases, seed);
        }

        comparison.Report(numbers, cases, seed);
        return comparison.findings.Count == 0 ? 0 : 1;
    }

    // Nothing of ours without a definition, and nothing of a procedure that we know without a codec of ours.
    private void Cover()
    {
        findings.AddRange(RpcCodecs.All.Keys.Where(name => !module.Types.ContainsKey(name)).Select(name => $"the definitions have no {name}"));
        IEnumerable<string> procedures = Enum.GetNames<RemoteProcedure>().Select(name => $"remote_{NumberComparison.InCapitals(name)}")
            .Concat(Enum.GetNames<AdminProcedure>().Select(name => $"admin_{NumberComparison.InCapitals(name)}"));
        findings.AddRange(procedures.SelectMany(name => new[] { "_args", "_ret", "_msg" }.Select(part => name.ToLowerInvariant() + part))
            .Where(name => module.Types.ContainsKey(name) && !RpcCodecs.All.ContainsKey(name)).Select(name => $"no codec of ours is compared with {name}"));
        HashSet<Type> compared = [.. RpcCodecs.All.Values.Select(codec => codec.Value), typeof(EmptyValue)];
        findings.AddRange(typeof(RpcHeader).Assembly.GetTypes()
            .Where(type => type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IXdrValue<>)))
            .Where(type => !compared.Contains(type)).Select(type => $"{type.Name} is compared with no definition"));
    }

    private void One(string name, RpcCodec codec, int cases, ulong seed)
    {
        XdrType type = module.Types[name];
        foreach (XdrPlace place in XdrPlaces.Of(type))
        {
            CompareLimit(name, codec, type, place);
        }

        XdrPlace[] lists = XdrPlaces.Of(type).Where(place => place.IsList && !place.Path.Contains('[', StringComparison.Ordinal)).ToArray();
        if (lists.Length == 1)
        {
            CompareLongList(name, codec, type, lists[0]);
        }

        for (int i = 0; i < cases; i++)
        {
            ulong own = seed + (ulong)i;
            Dice dice = new(own);
            XdrNode node = new XdrGenerator(dice).Next(type);
            CompareRead(Case.Of(name, own, XdrEncoder.Encode(type, node, dice.Once(4) ? dice : null)), codec, type, node);
            CompareDamaged(name, own, codec, type, XdrEncoder.Encode(type, node), dice);
            CompareStrange(name, own, codec, type, dice);
            CompareWritten(name, own, codec, type, dice);
        }
    }

    /// <summary>What a finding is told with.</summary>
    private readonly record struct Case(string Name, ulong Seed, byte[] Octets)
    {
        public static Case Of(string name, ulong seed, byte[] octets) => new(name, seed, octets);

        public string Tell(string what)
        {
            string octets = Convert.ToHexString(Octets.AsSpan(0, Math.Min(Octets.Length, 400)));
            return $"{Name}, seed {Seed}, {Octets.Length} octets: {what}\n{octets}{(Octets.Length > 400 ? "..." : "")}";
        }
    }

    // Octets of a random value are read whole, and come out as they are meant to.
    private void CompareRead(Case one, RpcCodec codec, XdrType type, XdrNode node)
    {
        read++;
        writer.Reset();
        AskToRead(one, type, one.Octets);
        if (!codec.Rewrite(one.Octets, writer, out int remaining) || remaining != 0)
        {
            findings.Add(one.Tell($"{codec.Value.Name} does not read it, {remaining} octets before the end"));
        }
        else if (!XdrDecoder.TryDecode(type, writer.Written, out XdrNode ours, out string wrong))
        {
            findings.Add(one.Tell($"what {codec.Value.Name} makes of it is not of the type: {wrong}: {Convert.ToHexString(writer.Written)}"));
        }
        else if (XdrEncoder.Encode(type, MeantForm.Of(type, node)) is byte[] meant && !meant.AsSpan().SequenceEqual(XdrEncoder.Encode(type, ours)))
        {
            findings.Add(one.Tell($"comes out as {Convert.ToHexString(writer.Written)}, not as {Convert.ToHexString(meant)}"));
        }
        else
        {
            AskToRewrite(one, type);
        }
    }

    // rpcgen's code reads octets whole.
    private void AskToRead(Case one, XdrType type, byte[] octets)
    {
        if (oracle is not null && (!oracle.Reads(one.Name, octets, out int consumed, out byte[] again) || consumed != octets.Length
            || !XdrDecoder.TryDecode(type, again, out _, out _)))
        {
            findings.Add(one.Tell("rpcgen's code does not read it, or writes what the interpreter does not read"));
        }
    }

    // What we have written is, read and written by rpcgen's code, the same: but for the sign of a character.
    private void AskToRewrite(Case one, XdrType type)
    {
        if (oracle is not null && (!oracle.Reads(one.Name, writer.Written, out int consumed, out byte[] again) || consumed != writer.Length
            || !XdrDecoder.TryDecode(type, again, out XdrNode node, out _) || !writer.Written.SequenceEqual(XdrEncoder.Encode(type, node))))
        {
            findings.Add(one.Tell($"rpcgen's code reads our {Convert.ToHexString(writer.Written)} differently"));
        }
    }

    // What is cut off somewhere is read by neither.
    private void CompareDamaged(string name, ulong seed, RpcCodec codec, XdrType type, byte[] octets, Dice dice)
    {
        byte[] cut = octets[..dice.Below(octets.Length)];
        refused++;
        writer.Reset();
        if (XdrDecoder.TryDecode(type, cut, out _, out _) || oracle?.Reads(name, cut, out _, out _) == true)
        {
            findings.Add(Case.Of(name, seed, cut).Tell("the definitions read what is cut off"));
        }

        if (codec.Rewrite(cut, writer, out _))
        {
            findings.Add(Case.Of(name, seed, cut).Tell($"{codec.Value.Name} reads what is cut off"));
        }
    }

    // What has a union with a number that means nothing is read by neither, whatever stands behind it.
    private void CompareStrange(string name, ulong seed, RpcCodec codec, XdrType type, Dice dice)
    {
        XdrGenerator generator = new(dice) { MakesStrangeArms = true };
        byte[] octets = [.. XdrEncoder.Encode(type, generator.Next(type)), .. new byte[64]];
        if (!generator.HasStrangeArm)
        {
            return;
        }

        strange++;
        writer.Reset();
        if (XdrDecoder.TryDecode(type, octets, out _, out _) || oracle?.Reads(name, octets, out _, out _) == true
            || codec.Rewrite(octets, writer, out _))
        {
            findings.Add(Case.Of(name, seed, octets).Tell($"a kind that there is not is read by {codec.Value.Name} or the definitions"));
        }
    }

    // A random value of ours is written as the definitions say.
    private void CompareWritten(string name, ulong seed, RpcCodec codec, XdrType type, Dice dice)
    {
        written++;
        writer.Reset();
        codec.WriteRandom(dice, writer);
        if (!writer.IsOverflown && !XdrDecoder.TryDecode(type, writer.Written, out _, out string wrong))
        {
            findings.Add(Case.Of(name, seed, writer.Written.ToArray()).Tell($"{codec.Value.Name} writes it: {wrong}"));
        }
        else if (!writer.IsOverflown)
        {
            AskToRewrite(Case.Of(name, seed, writer.Written.ToArray()), type);
        }
    }

    // What is as long as may be is read by both, one more by neither.
    private void CompareLimit(string name, RpcCodec codec, XdrType type, XdrPlace place)
    {
        limits++;
        foreach ((uint count, bool isFine) in new[] { (0u, true), (place.Maximum, true), (place.Maximum + 1, false) })
        {
            byte[] octets = XdrEncoder.Encode(type, XdrPlaces.With(type, place, count));
            writer.Reset();
            bool theirs = XdrDecoder.TryDecode(type, octets, out _, out string wrong);
            if (oracle is not null && theirs != oracle.Reads(name, octets, out _, out _))
            {
                findings.Add($"{name}: {count} in {place.Path}: rpcgen's code and the interpreter differ");
            }

            bool ours = codec.Rewrite(octets, writer, out int remaining) && remaining == 0;
            if (theirs != isFine || ours != isFine)
            {
                findings.Add($"{name}: {count} in {place.Path}: the definitions {(theirs ? "read" : "refuse")} it ({wrong}), "
                    + $"{codec.Value.Name} {(ours ? "reads" : "refuses")} it");
            }
        }
    }

    // We write a list that is as long as may be, and none that is longer.
    private void CompareLongList(string name, RpcCodec codec, XdrType type, XdrPlace list)
    {
        limits++;
        foreach ((int count, bool isFine) in new[] { ((int)list.Maximum, true), ((int)list.Maximum + 1, false) })
        {
            writer.Reset();
            codec.Write(ValueMaker.Least(codec.Value, count), writer);
            string wrong = "";
            bool isWritten = !writer.IsOverflown;
            if (isWritten != isFine || (isWritten && !XdrDecoder.TryDecode(type, writer.Written, out _, out wrong)))
            {
                findings.Add($"{name}: {codec.Value.Name} {(isWritten ? "writes" : "does not write")} {count} in {list.Path} {wrong}");
            }
        }
    }

    private void Report(NumberComparison numbers, int cases, ulong seed)
    {
        foreach (string finding in findings.Take(ShownMax))
        {
            Console.WriteLine(finding);
            Console.WriteLine("----");
        }

        Console.WriteLine($"{RpcCodecs.All.Count} types, {cases} cases each from seed {seed}: {read} read and written back, {refused} cut off, "
            + $"{strange} of no kind, {written} of ours read, {limits} limits; {numbers.Compared} numbers, {numbers.Priorities} priorities; "
            + $"rpcgen's code asked {oracle?.Asked ?? 0} times: {findings.Count} differ");
    }
}
