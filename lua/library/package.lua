---@meta

-- Generated from src/isa/reference by tools/generate.ts. Do not edit.

---Modules: the tables `loaded`, `preload` and `searchers`, and where files of modules are looked for.
---@class packagelib
package = {}

---Templates of file names, with `?` for the name of the module.
---@type string
package.path = nil

---The characters that paths are made of, each on a line.
---@type string
package.config = nil

---The first file of a path that can be read; nil and a message if there is none.
---@param name string
---@param path string
---@param sep? string
---@param rep? string
---@return string|nil
---@return string?
function package.searchpath(name, path, sep, rep) end
