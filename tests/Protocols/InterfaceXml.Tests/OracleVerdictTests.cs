using System.Collections.Generic;
using System.Linq;
using System.Text;
using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Protocols.InterfaceXml;

public sealed class OracleVerdictTests
{
    [Fact]
    public void Each_document_has_libxml2s_verdict()
    {
        List<string> different = [];
        foreach ((OracleVerdict verdict, string xml) in OracleVerdicts.All)
        {
            bool isRead = InterfaceDefinition.TryParse(Encoding.UTF8.GetBytes(xml), out _, out XmlRefusal refusal);
            OracleVerdict ours = isRead ? OracleVerdict.Accept
                : refusal.Kind == XmlRefusalKind.Invalid ? OracleVerdict.Invalid
                : OracleVerdict.Malformed;
            if (ours != verdict)
            {
                different.Add($"{verdict}, but ours is {ours} ({refusal.Message}): {xml}");
            }
        }

        Assert.True(different.Count == 0, string.Join('\n', different));
    }

    [Fact]
    public void There_are_enough_of_each_verdict()
    {
        Dictionary<OracleVerdict, int> counts = OracleVerdicts.All.GroupBy(row => row.Verdict).ToDictionary(group => group.Key, group => group.Count());
        Assert.True(counts[OracleVerdict.Accept] >= 80 && counts[OracleVerdict.Invalid] >= 120 && counts[OracleVerdict.Malformed] >= 50);
    }
}
