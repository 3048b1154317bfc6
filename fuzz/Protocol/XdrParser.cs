using System;
using System.Collections.Generic;
using System.Globalization;

namespace Spindle.Fuzz.Protocol;

/// <summary>Reads definitions of the XDR language (RFC 4506, section 6.3), with rpcgen's <c>char</c> and its lines for C.</summary>
internal sealed class XdrParser
{
    private readonly XdrModule module;
    private readonly XdrLexer lexer;

    private XdrParser(XdrModule module, string text)
    {
        this.module = module;
        lexer = new(text);
        lexer.Take();
    }

    /// <summary>Adds what a file says to a module.</summary>
    /// <exception cref="FormatException">It is not of the language, or a name means nothing.</exception>
    public static void Read(XdrModule module, string text)
    {
        XdrParser parser = new(module, text);
        while (parser.lexer.Next.Length > 0)
        {
            parser.ReadDefinition();
        }
    }

    private void ReadDefinition()
    {
        string kind = lexer.Take();
        switch (kind)
        {
            case "const":
                string name = lexer.Take();
                lexer.Take("=");
                module.Constants[name] = ReadValue();
                break;
            case "typedef":
                XdrField field = ReadDeclaration();
                module.Types[field.Name] = field.Type;
                break;
            case "enum" or "struct" or "union":
                string defined = lexer.Take();
                module.Types[defined] = new XdrVoid(); // a field may point to one more of the same
                module.Types[defined] = ReadBody(kind, defined);
                break;
            default:
                throw lexer.Wrong($"'{kind}' begins no definition");
        }

        lexer.Take(";");
    }

    private XdrType ReadBody(string kind, string name) => kind switch
    {
        "enum" => ReadEnumeration(),
        "struct" => ReadStruct(name),
        _ => ReadUnion(name),
    };

    private XdrEnumeration ReadEnumeration()
    {
        List<XdrEnumerator> names = [];
        lexer.Take("{");
        do
        {
            string comment = lexer.Comment;
            string one = lexer.Take();
            lexer.Take("=");
            names.Add(new(one, (int)ReadValue(), comment));
            module.Constants[one] = names[^1].Value;
        }
        while (lexer.TryTake(","));
        lexer.Take("}");
        return new(names);
    }

    private XdrStruct ReadStruct(string name)
    {
        List<XdrField> fields = [];
        lexer.Take("{");
        while (!lexer.TryTake("}"))
        {
            fields.Add(ReadDeclaration());
            lexer.Take(";");
        }

        return new(name, fields);
    }

    private XdrUnion ReadUnion(string name)
    {
        lexer.Take("switch");
        lexer.Take("(");
        ReadDeclaration();
        lexer.Take(")");
        lexer.Take("{");
        Dictionary<int, XdrField> arms = [];
        XdrField? other = null;
        while (!lexer.TryTake("}"))
        {
            List<int> numbers = [];
            bool isOther = lexer.TryTake("default");
            while (!isOther && lexer.TryTake("case"))
            {
                numbers.Add((int)ReadValue());
                lexer.Take(":");
            }

            if (isOther)
            {
                lexer.Take(":");
            }

            XdrField arm = ReadDeclaration();
            lexer.Take(";");
            other = isOther ? arm : other;
            numbers.ForEach(number => arms.Add(number, arm));
        }

        return new(name, arms, other);
    }

    private XdrField ReadDeclaration()
    {
        string word = lexer.Take();
        switch (word)
        {
            case "void":
                return new("", new XdrVoid());
            case "opaque" or "string":
                string octets = lexer.Take();
                (uint size, bool isFixed) = ReadSize() ?? throw lexer.Wrong($"{word} {octets} has no size");
                return new(octets, new XdrOpaque(size, isFixed, word == "string"));
            default:
                XdrType type = ReadType(word);
                bool isOptional = lexer.TryTake("*");
                string name = lexer.Take();
                return new(name, isOptional ? new XdrOptional(type)
                    : ReadSize() is { } array ? new XdrArray(type, array.Maximum, array.IsFixed) : type);
        }
    }

    private XdrType ReadType(string word)
    {
        if (word == "unsigned")
        {
            // "unsigned" alone is an unsigned int: rpcgen's, and libvirt's.
            return lexer.Next is "int" or "hyper" or "char" or "short" ? ReadType(lexer.Take()) : new XdrNumber(4);
        }

        return word switch
        {
            "int" or "short" or "float" or "bool" => new XdrNumber(4), // "short" is of rpcgen: XDR has none
            "hyper" or "double" => new XdrNumber(8),
            "char" => new XdrCharacter(),
            "enum" or "struct" or "union" => ReadBody(word, lexer.Next == "{" ? "" : lexer.Take()),
            _ when module.Types.ContainsKey(word) => new XdrNamed(word, module),
            _ => throw lexer.Wrong($"'{word}' is no type"),
        };
    }

    // [8], <8>, <>, or nothing.
    private (uint Maximum, bool IsFixed)? ReadSize()
    {
        if (lexer.TryTake("["))
        {
            uint size = (uint)ReadValue();
            lexer.Take("]");
            return (size, true);
        }

        if (lexer.TryTake("<"))
        {
            uint maximum = lexer.Next == ">" ? uint.MaxValue : (uint)ReadValue();
            lexer.Take(">");
            return (maximum, false);
        }

        return null;
    }

    private long ReadValue()
    {
        string word = lexer.Take();
        if (module.Constants.TryGetValue(word, out long known))
        {
            return known;
        }

        bool isHexadecimal = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return long.TryParse(isHexadecimal ? word[2..] : word, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out long value) ? value : throw lexer.Wrong($"'{word}' is no number");
    }
}
