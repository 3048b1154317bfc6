using System;
using System.Text;
using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Protocols.InterfaceXml;

public sealed class RoundTripTests
{
    private const ulong Seed = 20_261_121;

    [Fact]
    public void What_is_written_reads_back_equal()
    {
        for (ulong seed = Seed; seed < Seed + 2_000; seed++)
        {
            InterfaceDefinition definition = new DefinitionGenerator(new(seed)).Next();
            string xml = definition.Write();
            Assert.True(InterfaceDefinition.TryParse(xml, out InterfaceDefinition? read, out XmlRefusal refusal), $"seed {seed}: {refusal}\n{xml}");
            Assert.True(definition == read && definition.GetHashCode() == read.GetHashCode(), $"seed {seed}: another definition\n{xml}");
            Assert.Equal(xml, read.Write());
        }
    }

    [Fact]
    public void However_it_is_written_it_means_the_same()
    {
        for (ulong seed = Seed; seed < Seed + 2_000; seed++)
        {
            Dice dice = new(seed);
            InterfaceDefinition definition = new DefinitionGenerator(dice).Next();
            string xml = new SketchWriter(dice).Write(new Sketcher(dice).Draw(definition));
            Assert.True(
                InterfaceDefinition.TryParse(Encoding.UTF8.GetBytes(xml), out InterfaceDefinition? read, out XmlRefusal refusal),
                $"seed {seed}: {refusal}\n{xml}");
            Assert.True(definition == read, $"seed {seed}: another definition\n{xml}\n{read.Write()}");
        }
    }

    [Fact]
    public void Damage_never_throws_and_is_told_with_a_place()
    {
        for (ulong seed = Seed; seed < Seed + 4_000; seed++)
        {
            Dice dice = new(seed);
            Sketch sketch = new Sketcher(dice).Draw(new DefinitionGenerator(dice).Next());
            SketchDamage damage = new(dice);
            for (int i = dice.Below(3); i >= 0; i--)
            {
                damage.Apply(sketch);
            }

            string xml = new SketchWriter(dice).Write(sketch);
            if (!InterfaceDefinition.TryParse(xml, out InterfaceDefinition? read, out XmlRefusal refusal))
            {
                int lines = xml.AsSpan().Count('\n') + 1;
                Assert.True(refusal.Line >= 1 && refusal.Line <= lines && refusal.Column >= 1, $"seed {seed}: {refusal}\n{xml}");
                Assert.True(refusal.Message.Length > refusal.Detail.Length || refusal.Kind == XmlRefusalKind.NotWellFormed, $"seed {seed}");
                continue;
            }

            Assert.True(InterfaceDefinition.TryParse(read.Write(), out InterfaceDefinition? again, out refusal), $"seed {seed}: {refusal}");
            Assert.True(read == again, $"seed {seed}: another definition\n{xml}\n{read.Write()}");
        }
    }
}
