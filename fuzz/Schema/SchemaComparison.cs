using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Fuzz.Schema;

/// <summary>
/// <c>fuzz xml [--cases N] [--seed S] [--schemas DIRECTORY]</c>: our reader of interface definitions against libxml2 with libvirt's
/// schema, on documents that are right, damaged in their structure or values, or damaged in their octets; and what we write.
/// </summary>
internal sealed class SchemaComparison(SchemaOracle oracle, SchemaOracle deviceOracle)
{
    private const int ShownMax = 20;

    private readonly Dictionary<(OracleVerdict Ours, OracleVerdict Theirs), int> answers = [];
    private readonly List<string> findings = [];
    private int written;
    private int excused;
    private int sameWords;
    private int sameLine;

    /// <summary>The verb. Ends with 1 when both sides differ where no difference is meant, with 2 when there is nothing to compare with.</summary>
    public static int Run(string schemas, int cases, ulong seed)
    {
        if (!SchemaOracle.TryStart(Path.Combine(schemas, "interface.rng"), out SchemaOracle? oracle, out string missing)
            || !SchemaOracle.TryStart(Path.Combine(schemas, "nodedev.rng"), out SchemaOracle? deviceOracle, out missing))
        {
            Console.Error.WriteLine($"fuzz xml: NOTHING WAS COMPARED: {missing}");
            return 2;
        }

        using (oracle)
        using (deviceOracle)
        {
            SchemaComparison comparison = new(oracle!, deviceOracle!);
            comparison.ByHand();
            for (int i = 0; i < cases; i++)
            {
                comparison.One(seed + (ulong)i);
            }

            comparison.Report(cases, seed);
            return comparison.findings.Count == 0 ? 0 : 1;
        }
    }

    // The tests' table claims to be libxml2's.
    private void ByHand()
    {
        foreach ((OracleVerdict verdict, string xml) in OracleVerdicts.All)
        {
            SchemaVerdict theirs = oracle.Judge(Encoding.UTF8.GetBytes(xml));
            if (theirs.Answer != verdict)
            {
                findings.Add($"the table says {verdict}; theirs {Tell(theirs)}\n{xml}");
            }
        }
    }

    private void One(ulong seed)
    {
        Dice dice = new(seed);
        Sketch sketch = new Sketcher(dice).Draw(new DefinitionGenerator(dice).Next());
        SketchDamage damage = new(dice);
        for (int i = dice.Below(4); i > 0; i--)
        {
            damage.Apply(sketch);
        }

        byte[] document = Encoding.UTF8.GetBytes(new SketchWriter(dice).Write(sketch));
        if (dice.Once(4))
        {
            document = new Mutator([document], dice.UInt64()).Next();
        }

        Compare(document, seed);
        CompareWritten(deviceOracle, new NodeDeviceGenerator(dice).Next(), seed);
    }

    private void Compare(byte[] document, ulong seed)
    {
        SchemaVerdict theirs = oracle.Judge(document);
        bool isAccepted = InterfaceDefinition.TryParse(document, out InterfaceDefinition? definition, out XmlRefusal refusal);
        SchemaVerdict ours = isAccepted ? new(OracleVerdict.Accept, 0, "")
            : new(refusal.Kind == XmlRefusalKind.Invalid ? OracleVerdict.Invalid : OracleVerdict.Malformed, refusal.Line, refusal.Message);
        (OracleVerdict, OracleVerdict) pair = (ours.Answer, theirs.Answer);
        answers[pair] = answers.GetValueOrDefault(pair) + 1;
        if (ours.Answer != theirs.Answer)
        {
            if (MeantDifferences.Explain(document, ours, theirs) is null)
            {
                findings.Add($"seed {seed}: ours {Tell(ours)}; theirs {Tell(theirs)}\n{Encoding.UTF8.GetString(document)}");
            }
            else
            {
                excused++;
            }
        }
        else if (ours.Answer == OracleVerdict.Malformed)
        {
            sameWords += FirstLine(ours.Message) == theirs.Message ? 1 : 0;
            sameLine += ours.Line == theirs.Line ? 1 : 0;
        }

        if (definition is not null)
        {
            CompareWritten(oracle, definition.Write(), seed);
        }
    }

    private void CompareWritten(SchemaOracle judge, string xml, ulong seed)
    {
        SchemaVerdict theirs = judge.Judge(Encoding.UTF8.GetBytes(xml));
        written++;
        if (theirs.Answer != OracleVerdict.Accept)
        {
            findings.Add($"seed {seed}: we write what is {Tell(theirs)}\n{xml}");
        }
    }

    private static string FirstLine(string message)
    {
        string line = message.Split('\n')[0];
        return line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..];
    }

    private static string Tell(SchemaVerdict verdict) =>
        string.Create(CultureInfo.InvariantCulture, $"{verdict.Answer} (line {verdict.Line}: {verdict.Message})");

    private void Report(int cases, ulong seed)
    {
        foreach (string finding in findings.Take(ShownMax))
        {
            Console.WriteLine(finding);
            Console.WriteLine("----");
        }

        foreach (((OracleVerdict ours, OracleVerdict theirs), int count) in answers.OrderBy(answer => answer.Key))
        {
            Console.WriteLine($"ours {ours,-9} theirs {theirs,-9} {count}");
        }

        int malformed = answers.GetValueOrDefault((OracleVerdict.Malformed, OracleVerdict.Malformed));
        Console.WriteLine($"malformed for both: {sameWords} of {malformed} in the same words, {sameLine} at the same line");
        Console.WriteLine($"{cases} documents from seed {seed} and {OracleVerdicts.All.Length} by hand against {oracle.Version}, "
            + $"and {written} that we wrote: "
            + $"{excused} differ as meant, {findings.Count} differ");
    }
}
