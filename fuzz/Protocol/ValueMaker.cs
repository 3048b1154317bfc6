using System;
using System.Linq;
using System.Reflection;
using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Fuzz.Protocol;

/// <summary>Random values of our own types, made by their constructors.</summary>
internal sealed class ValueMaker(Dice dice)
{
    private const string Characters = "aZ0 :%é名\uD83D\uDE42\uD800\uDCFF\uDC7F\u0001\0";
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>A value.</summary>
    public object Make(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.ToObject(type, dice.Once(3) ? (int)dice.UInt32() : dice.Below(Enum.GetValues(type).Length + 1));
        }

        if (type.IsArray)
        {
            Array array = Array.CreateInstance(type.GetElementType()!, dice.Below(5));
            for (int i = 0; i < array.Length; i++)
            {
                array.SetValue(Make(type.GetElementType()!), i);
            }

            return array;
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => dice.Once(2),
            TypeCode.Byte => (byte)dice.Below(256),
            TypeCode.Int32 => (int)dice.UInt32() >> dice.Below(32),
            TypeCode.UInt32 => dice.UInt32() >> dice.Below(32),
            TypeCode.Int64 => (long)dice.UInt64() >> dice.Below(64),
            TypeCode.UInt64 => dice.UInt64() >> dice.Below(64),
            TypeCode.Double => BitConverter.UInt64BitsToDouble(dice.UInt64()),
            TypeCode.String => Text(),
            _ => Construct(type, MakeFor),
        };
    }

    /// <summary>A value that is nothing much, with arrays of so many items.</summary>
    public static object Least(Type type, int items)
    {
        if (type.IsArray)
        {
            Array array = Array.CreateInstance(type.GetElementType()!, items);
            object item = Least(type.GetElementType()!, 0);
            for (int i = 0; i < items; i++)
            {
                array.SetValue(item, i);
            }

            return array;
        }

        return type == typeof(string) ? "" : type.IsPrimitive || type.IsEnum ? Activator.CreateInstance(type)!
            : new ValueMaker(new Dice(1)).Construct(type, parameter => Least(parameter.ParameterType, items));
    }

    /// <summary>Makes a value by one of the constructors that take the most.</summary>
    public object Construct(Type type, Func<ParameterInfo, object?> argumentFor)
    {
        ConstructorInfo[] constructors = type.GetConstructors();
        int most = constructors.Select(constructor => constructor.GetParameters().Length).DefaultIfEmpty(0).Max();
        if (most == 0)
        {
            return Activator.CreateInstance(type)!;
        }

        ConstructorInfo chosen = dice.Of(constructors.Where(constructor => constructor.GetParameters().Length == most).ToArray());
        return chosen.Invoke(chosen.GetParameters().Select(argumentFor).ToArray());
    }

    private object? MakeFor(ParameterInfo parameter)
    {
        bool mayBeNull = !parameter.ParameterType.IsValueType && Nullability.Create(parameter).WriteState == NullabilityState.Nullable;
        return mayBeNull && dice.Once(3) ? null : Make(parameter.ParameterType);
    }

    // Characters of one, two and three octets, pairs, halves of them, escapes of octets that are no UTF-8, a NUL; now and then very many.
    private string Text()
    {
        int length = dice.Once(200) ? 70_000 : dice.Once(10) ? dice.Below(300) : dice.Below(12);
        return string.Create(length, dice, static (text, dice) =>
        {
            foreach (ref char character in text)
            {
                character = dice.Once(2) ? (char)('a' + dice.Below(26)) : Characters[dice.Below(dice.Once(10) ? Characters.Length : Characters.Length - 1)];
            }
        });
    }
}
