using NUnit.Framework;

namespace Heedful.Tests
{
    /// <summary>What is shown of a mind.</summary>
    public sealed class MindViewTests
    {
        [Test]
        public void AMessageIsRead()
        {
            var view = new MindView();
            Assert.IsTrue(view.Read("{\"strategy\": \"route\", \"reason\": \"the door is closed\", \"competence\": 0.25, "
                + "\"attention\": [[3, 0.5], [4, 0.25]], \"belief\": [[3, 9, 0.75]], \"later\": {}}"));
            Assert.AreEqual("route", view.Strategy);
            Assert.AreEqual("the door is closed", view.Reason);
            Assert.AreEqual(0.25f, view.Competence);
            Assert.AreEqual(2, view.Attention.Count);
            Assert.AreEqual(3, view.Attention[0].Slot);
            Assert.AreEqual(9, view.Belief[0].Where);
        }

        [Test]
        public void WhatIsWrongIsPassedOver()
        {
            var view = new MindView();
            Assert.IsFalse(view.Read(""));
            Assert.IsFalse(view.Read("[1]"));
            Assert.IsTrue(view.Read("{\"attention\": [3, [1], [\"a\", 1], [99, 1]]}"));
            Assert.AreEqual("", view.Strategy);
            Assert.AreEqual(1, view.Attention.Count);
            Assert.AreEqual(0, view.Attention[0].Slot);
        }
    }
}
