// StubCheck DIR ASM... : resolves every type and member that the given assemblies
// take from other assemblies found in DIR; prints what does not resolve.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;

static class StubCheck
{
    static int Main(string[] args)
    {
        string dir = args[0];
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(dir);
        int missing = 0;
        foreach (var name in args.Skip(1))
        {
            var module = ModuleDefinition.ReadModule(Path.Combine(dir, name), new ReaderParameters { AssemblyResolver = resolver });
            foreach (var type in module.GetTypeReferences())
            {
                if (!File.Exists(Path.Combine(dir, Scope(type) + ".dll")))
                    continue;
                TypeDefinition def = null;
                try { def = type.Resolve(); } catch (Exception) { }
                if (def == null)
                {
                    Console.WriteLine(name + ": missing type " + type.FullName + " in " + Scope(type));
                    missing++;
                }
            }
            foreach (var member in module.GetMemberReferences())
            {
                if (!File.Exists(Path.Combine(dir, Scope(member.DeclaringType) + ".dll")))
                    continue;
                object def = null;
                try
                {
                    var method = member as MethodReference;
                    var field = member as FieldReference;
                    if (member.DeclaringType.IsArray)
                        continue;
                    def = method != null ? (object)method.Resolve() : field != null ? field.Resolve() : null;
                }
                catch (Exception) { }
                if (def == null)
                {
                    Console.WriteLine(name + ": missing " + member.FullName + " in " + Scope(member.DeclaringType));
                    missing++;
                }
            }
        }
        Console.WriteLine("stubcheck: " + missing + " missing");
        return missing == 0 ? 0 : 1;
    }

    static string Scope(TypeReference type)
    {
        while (type is TypeSpecification)
            type = ((TypeSpecification)type).ElementType;
        var scope = type.Scope;
        return scope == null ? "" : scope.Name.EndsWith(".dll") ? Path.GetFileNameWithoutExtension(scope.Name) : scope.Name;
    }
}
