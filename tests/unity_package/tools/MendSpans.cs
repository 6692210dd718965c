// MendSpans IN OUT : takes the modifier "in" off references to ReadOnlySpan's indexer.
// Debian's class library is compiled by mcs, which writes none there, so Mono would not find the method.
using System.Linq;
using Mono.Cecil;

static class MendSpans
{
    static int Main(string[] args)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(System.IO.Path.GetDirectoryName(args[0]));
        var module = ModuleDefinition.ReadModule(args[0], new ReaderParameters { AssemblyResolver = resolver });
        foreach (var body in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody).Select(method => method.Body))
            foreach (var called in body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>())
                if (called.Name == "get_Item" && called.DeclaringType.Name == "ReadOnlySpan`1" && called.ReturnType is RequiredModifierType)
                    called.ReturnType = ((RequiredModifierType)called.ReturnType).ElementType;
        module.Write(args[1]);
        return 0;
    }
}
