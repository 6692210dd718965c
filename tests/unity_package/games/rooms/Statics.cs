// What the package's static fields hold, so that a second play in one process can be told from the first.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

public static class Statics
{
    const BindingFlags any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// Field -> what it holds; of a collection, how much.
    public static Dictionary<string, string> Read(Assembly assembly)
    {
        var held = new Dictionary<string, string>();
        foreach (var type in assembly.GetTypes().Where(type => !type.IsEnum && !type.ContainsGenericParameters
                && type.GetCustomAttribute<CompilerGeneratedAttribute>() == null))
            foreach (var field in type.GetFields(any).Where(field => !field.IsLiteral))
                held[type.Name + "." + field.Name] = Describe(field.GetValue(null));
        return held;
    }

    /// Fields that hold something else than before.
    public static string Compare(Dictionary<string, string> before, Dictionary<string, string> after)
    {
        return string.Join(" ", after.Where(pair => before[pair.Key] != pair.Value).Select(pair => pair.Key)
            .OrderBy(name => name));
    }

    static string Describe(object value)
    {
        if (value == null)
            return "null";
        if (value is Delegate handlers)
            return handlers.GetInvocationList().Length + " handlers";
        if (value is ICollection collection)
            return collection.Count + " of them";
        return value.GetType().IsValueType ? value.ToString() : "something";
    }
}
