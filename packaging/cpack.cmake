# The Debian packages: moot-server and moot, a component each. scripts/package makes them.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME moot)
set(CPACK_PACKAGE_CONTACT "The moot authors <moot@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package begins with its own
set(CPACK_COMPONENTS_ALL server client)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_SET_DESTDIR ON) # /etc lies outside of the prefix

set(CPACK_DEBIAN_SERVER_PACKAGE_NAME moot-server)
set(CPACK_DEBIAN_SERVER_DESCRIPTION
"server for rooms with boards, chats and presence
mootd keeps the rooms that people share with moot(1) from their terminals:
a task board, a chat, and notes that several people edit at once.
.
It listens on a Unix socket for the people of this machine, and on TCP with
tokens for everybody else. Its database is one SQLite file.")
set(CPACK_DEBIAN_SERVER_PACKAGE_SHLIBDEPS ON)
# The loop of libwebsockets is a plugin, which no dependency on a library brings along.
set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS
    "libwebsockets-evlib-uv, init-system-helpers (>= 1.52), systemd | systemd-standalone-sysusers | systemd-sysusers")
# Hooks that send over https know by these whom they talk to.
set(CPACK_DEBIAN_SERVER_PACKAGE_RECOMMENDS "moot, ca-certificates")
set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA
    ${CMAKE_CURRENT_LIST_DIR}/debian/postinst
    ${CMAKE_CURRENT_LIST_DIR}/debian/prerm
    ${CMAKE_CURRENT_LIST_DIR}/debian/postrm
    ${CMAKE_CURRENT_LIST_DIR}/debian/conffiles)

set(CPACK_DEBIAN_CLIENT_PACKAGE_NAME moot)
set(CPACK_DEBIAN_CLIENT_DESCRIPTION
"shared room for people who work in terminals
An ncurses client for rooms of mootd(8): a task board, other people's live
cursors, a chat, and notes that several people edit at once. Everything that
the screen does the command line does too, for scripts and cron.")
set(CPACK_DEBIAN_CLIENT_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_CLIENT_PACKAGE_SUGGESTS "moot-server")

include(CPack)
